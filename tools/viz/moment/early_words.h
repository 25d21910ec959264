/* Events of the labs' early kernels as short sentences, as event_words() has them for all others. */
#pragma once

#include "draw/units.h"
#include "model/model.h"

#include <stdbool.h>
#include <stddef.h>

/* False if it is none of theirs; then `out` is unchanged. */
bool early_event_words(char *out, size_t size, const struct event *event, const struct model *model);
/* The tree or list that such an event is about; 0 if none. */
uint64_t early_event_tree(const struct event *event, const struct model *model);

/* "the allocator: take 30000–34000 → ok"; without the answer while there is none. */
void question_words(char *out, size_t size, const struct model_question *question, enum units units);
