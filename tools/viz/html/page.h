/*
 * One self-contained page that plays the operations of a region tree in a browser: steps (steps.h), script, style and
 * structure in one file, which needs no network.
 */
#pragma once

#include "html/steps.h"

/* Errors of steps_write(); `totals` says what the page has. Errors of the file are left for the caller to find. */
struct error page_write(FILE *out, const struct steps_request *request, struct steps_totals *totals);
