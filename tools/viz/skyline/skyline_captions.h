/* The words of a skyline's title, subtitle, summary, alert and description. */
#pragma once

#include "skyline/skyline.h"

/* When all else is there. */
void skyline_add_captions(struct skyline *skyline, const struct skyline_request *request);
