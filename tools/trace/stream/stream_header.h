/*
 * The header of a recording that is written from decoded events, as text, in format 1: what the header of the stream
 * says that they come from, and behind that what this build has besides. Events of a saved model need it.
 */
#pragma once

#include "stream/schema.h"

#include <stdio.h>

/* `mode` replaces the stream's own. Errors of the file are left for the caller to find with ferror(). */
void stream_header_print(FILE *text, const struct schema *from, const char *mode);
