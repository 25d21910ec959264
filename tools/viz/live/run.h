/* The viewer from start to end: shows, waits for a key, acts, until it is to end. */
#pragma once

#include "live/screen.h"
#include "live/view.h"

/* IO or NO_MEMORY, with a message; the terminal is restored in every case. */
struct error live_run(struct view *view, const struct screen_options *options);
