/* What the reports share. */
#pragma once

#include "grade.h"

/*
 * The words about a case that failed. Files are named behind `folder`, which ends with a slash. The caller frees them.
 */
char *explain_case(const struct grading *grading, size_t i, const char *folder);
