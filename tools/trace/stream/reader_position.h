/*
 * A place in a stream to which a reader can return, however much it has read since.
 *
 *      struct reader_position *position;
 *
 *      TRY(reader_tell(reader, &position));            after some event
 *      ... reader_next() any number of times ...
 *      ... make the source go on from byte reader_position_offset(position) ...
 *      TRY(reader_return(reader, position));           the next event is the one after that event again
 *
 * A position has, for each cpu, which of its frames wait and how many events of the first of them were given out, and
 * the state of the merge. It has no bytes: these are read again, since a source that can go back still has them.
 */
#pragma once

#include "stream/reader.h"

struct reader_position;

/* The place just after the event that reader_next() gave out last. O(cpus). NO_MEMORY. */
struct error reader_tell(const struct reader *reader, struct reader_position **out);
void reader_position_free(struct reader_position *position);

/* The bytes of memory that it takes. */
size_t reader_position_size(const struct reader_position *position);

/* The offset in the stream of the first byte that has to be read again. */
uint64_t reader_position_offset(const struct reader_position *position);

/*
 * Returns to a position of the same stream. The reader's source must yield the bytes from reader_position_offset() on.
 * Totals are again what they were there. BAD_INPUT with an error message if the bytes are others than before.
 * O(frames that waited).
 */
struct error reader_return(struct reader *reader, const struct reader_position *position);

/*
 * While a stream grows, the end of what has arrived is not its end: reader_next() then yields false without giving out
 * events that may have to wait for earlier ones of another cpu. So the order of events does not depend on how the bytes
 * happened to arrive. At first a stream does not grow.
 */
void reader_set_growing(struct reader *reader, bool growing);
