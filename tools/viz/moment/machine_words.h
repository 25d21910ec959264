/* Events of memory, tasks, locks, tests and keyframes as short sentences, as event_words() has them for trees and spaces. */
#pragma once

#include "model/model.h"

#include <stdbool.h>
#include <stddef.h>

/* False if it is none of theirs; then `out` is unchanged. */
bool machine_event_words(char *out, size_t size, const struct event *event, const struct model *model);
