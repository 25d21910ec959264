#include "support_stream.h"
#include "lib/printf.h"
#include "sync/spinlock.h"
#include "trace/frame.h"

void bytes_add(struct bytes *bytes, const void *from, size_t length)
{
        if (bytes->length + length > bytes->room) {
                bytes->room = 2 * (bytes->length + length);
                bytes->at = realloc(bytes->at, bytes->room);
                assert_non_null(bytes->at);
        }
        memcpy(bytes->at + bytes->length, from, length);
        bytes->length += length;
}

void bytes_free(struct bytes *bytes)
{
        free(bytes->at);
        *bytes = (struct bytes){ 0 };
}

/* --- by hand ---------------------------------------------------------------------------------------------- */

void stream_add_frame(struct bytes *out, const void *body, size_t length)
{
        uint8_t room[FRAME_BODY_MAX + FRAME_CHECKSUM + FRAME_SLACK], encoded[FRAME_ENCODED_MAX + FRAME_SLACK];

        assert_true(length <= FRAME_BODY_MAX);
        memcpy(room, body, length);
        bytes_add(out, encoded, frame_encode(encoded, room, length));
}

void stream_add_header(struct bytes *out, const char *text)
{
        uint8_t body[FRAME_BODY_MAX] = { 'H' };
        size_t left = strlen(text);

        bytes_add(out, "", 1);
        do {
                size_t size = left < 400 ? left : 400;

                body[2] = size == left;
                memcpy(body + 3, text, size);
                stream_add_frame(out, body, 3 + size);
                body[1]++;
                text += size;
                left -= size;
        } while (left);
}

/* --- apart and together ----------------------------------------------------------------------------------- */

struct reader *stream_open(const struct bytes *bytes)
{
        struct reader *reader;
        struct source source;

        assert_int_equal(source_of_memory(bytes->at, bytes->length, &source).code, ERROR_OK);
        assert_int_equal(reader_open_source(source, "test.rtrace", &reader).code, ERROR_OK);
        return reader;
}

void assert_notice(const struct reader *reader, size_t i, const char *words)
{
        const char *notice = reader_notice(reader, i);

        if (!notice || !strstr(notice, words))
                fail_msg("expected \"%s\" in: %s", words, notice ? notice : "nothing");
}

void stream_take_apart(struct recorded *out, const struct bytes *bytes)
{
        struct reader *reader = stream_open(bytes);
        struct event event;

        recorded_free(out);
        while (reader_next(reader, &event)) {
                struct recorded_event taken = { .type = event.type, .cpu = event.cpu };

                memcpy(taken.field, event.field, sizeof taken.field);
                if (event.text)
                        strcpy(taken.text, event.text);
                recorded_insert(out, out->count, &taken);
        }
        reader_close(reader);
}

void recorded_free(struct recorded *recorded)
{
        free(recorded->event);
        *recorded = (struct recorded){ 0 };
}

void recorded_insert(struct recorded *recorded, size_t position, const struct recorded_event *event)
{
        struct recorded_event copy = *event;

        if (recorded->count == recorded->room) {
                recorded->room = 2 * recorded->room + 1000;
                recorded->event = reallocarray(recorded->event, recorded->room, sizeof copy);
                assert_non_null(recorded->event);
        }
        memmove(&recorded->event[position + 1], &recorded->event[position], (recorded->count - position) * sizeof copy);
        recorded->event[position] = copy;
        recorded->count++;
}

void recorded_drop(struct recorded *recorded, size_t position)
{
        recorded->count--;
        memmove(&recorded->event[position], &recorded->event[position + 1],
                (recorded->count - position) * sizeof *recorded->event);
}

size_t recorded_next(const struct recorded *recorded, enum trace_event type, size_t from)
{
        while (from < recorded->count && recorded->event[from].type != type)
                from++;
        assert_true(from < recorded->count);
        return from;
}

size_t recorded_nth(const struct recorded *recorded, enum trace_event type, size_t n)
{
        size_t position = recorded_next(recorded, type, 0);

        while (n--)
                position = recorded_next(recorded, type, position + 1);
        return position;
}

static struct bytes *sink;

static bool write_to_sink(struct stream *, const void *bytes, size_t length)
{
        bytes_add(sink, bytes, length);
        return true;
}

static uint64_t tick(void)
{
        static uint64_t ticks;

        return ticks += 100;
}

static struct stream line[PLAY_CPUS];
static unsigned playing;
static bool recording;

void play_on(unsigned cpu)
{
        playing = cpu;
}

static void flush_all(void)
{
        for (unsigned cpu = 0; cpu < PLAY_CPUS; cpu++)
                stream_flush(&line[cpu]);
}

static uint64_t numbered(void)
{
        uint64_t events = 0;

        for (unsigned cpu = 0; cpu < PLAY_CPUS; cpu++)
                events += line[cpu].number;
        return events;
}

static void begin(struct bytes *out)
{
        bytes_free(out);
        sink = out;
        play_on(0);
        for (unsigned cpu = 0; cpu < PLAY_CPUS; cpu++)
                line[cpu] = (struct stream){ .write = write_to_sink, .now = tick, .cpu = cpu };
        stream_begin(&line[0], &(struct stream_facts){ "test", "lossless", PLAY_CPUS, tick(), 1000000000 });
}

/* Where the encoder takes a text's address from: the first field of type text. */
static size_t text_field(enum trace_event type)
{
        for (size_t i = 0; i < event_table[type].fields; i++)
                if (strcmp(event_table[type].field[i].type, "text") == 0)
                        return i;
        return EVENT_FIELDS_MAX;
}

void stream_put_together(struct bytes *out, const struct recorded *recorded)
{
        begin(out);
        for (size_t i = 0; i < recorded->count; i++) {
                struct recorded_event event = recorded->event[i];
                size_t text = text_field(event.type);

                if (text < EVENT_FIELDS_MAX)
                        event.field[text] = (uintptr_t)event.text;
                if (event.type == EVENT_end && event.field[EVENT_FIELD(end, events)] && !recorded->total_is_altered)
                        event.field[EVENT_FIELD(end, events)] = i + 1;
                if (!line[event.cpu].number)
                        stream_tick(&line[event.cpu]);          /* as a processor does that begins */
                stream_emit(&line[event.cpu], event.type, event.field);
        }
        flush_all();
}

/* --- the kernel's tree, recorded -------------------------------------------------------------------------- */

void trace_emit(enum trace_event event, const uint64_t *fields)
{
        if (!recording)
                return;
        if (!line[playing].number)
                stream_tick(&line[playing]);
        stream_emit(&line[playing], event, fields);
}

enum { BLOCK_ALIGNMENT = 64 };

/* Blocks have addresses of their own in the stream, the same in every run: each knows its own, in front of it. */
void *kmalloc(size_t size, enum purpose purpose)
{
        static uint64_t blocks;
        size_t rounded = (size + BLOCK_ALIGNMENT - 1) / BLOCK_ALIGNMENT * BLOCK_ALIGNMENT;
        uint8_t *front = aligned_alloc(BLOCK_ALIGNMENT, BLOCK_ALIGNMENT + rounded);
        uint64_t address = 0x1000 + 0x100 * blocks++;

        assert_non_null(front);
        memset(front, 0, BLOCK_ALIGNMENT + rounded);
        memcpy(front, &address, sizeof address);
        trace_kmalloc_allocated(address, size, purpose);
        return front + BLOCK_ALIGNMENT;
}

void kfree(void *block)
{
        uint8_t *front = block ? (uint8_t *)block - BLOCK_ALIGNMENT : NULL;
        uint64_t address;

        if (!block)
                return;
        memcpy(&address, front, sizeof address);
        trace_kmalloc_freed(address);
        free(front);
}

/* Nothing here prints. */
void console_write([[maybe_unused]] const char *text, [[maybe_unused]] size_t length)
{
}

/* There is one thread. */
void spinlock_acquire([[maybe_unused]] struct spinlock *lock) NO_LOCK_ANALYSIS
{
}

void (*play_meanwhile)(void);

/* The lock of the play tree is NULL: here no other processor waits for it. */
void spinlock_release([[maybe_unused]] struct spinlock *lock) NO_LOCK_ANALYSIS
{
        if (!lock && play_meanwhile)
                play_meanwhile();
}

static struct region_tree tree;
static struct watched_space watched;

struct region_tree *play_tree(void)
{
        return &tree;
}

uint64_t play_space(void)
{
        return watched.id;
}

void play_operation(uint64_t newest, uint64_t cause)
{
        watched.operations = newest;
        tree.cause = cause;
}

struct region *play_place_at(uintptr_t base, uint64_t pages)
{
        return play_place_guarded(base, pages, 0);
}

struct region *play_place_guarded(uintptr_t base, uint64_t pages, uint64_t guard_pages)
{
        struct placement request = {
                .size = pages * PAGE_SIZE,
                .alignment = PAGE_SIZE,
                .guard_before = guard_pages * PAGE_SIZE,
                .guard_after = guard_pages * PAGE_SIZE,
                .window = tree.range,
        };
        struct region *region;
        struct error error;

        assert_int_equal(region_create("region", PROTECT_READ, &region).code, ERROR_OK);
        error = base ? region_tree_place_specifically(&tree, region, &request, base) :
                       region_tree_place_anywhere(&tree, region, &request);
        if (!error.code)
                return region;
        region_free(region);
        return NULL;
}

struct region *play_place(uint64_t pages)
{
        return play_place_at(0, pages);
}

void play_remove(struct region *region)
{
        assert_int_equal(region_tree_remove(&tree, region).code, ERROR_OK);
        region_free(region);
}

void stream_record(struct bytes *out, void (*body)(void))
{
        struct region *region;

        begin(out);
        recording = true;
        region_tree_init(&tree, (struct vrange){ 0x10000, 0x110000 });
        watched = (struct watched_space){ .name = "test", .tree = &tree };
        keyframe_watch(&watched);
        body();
        play_on(0);
        keyframe_send();
        trace_end(numbered() + 1, 0, VERDICT_PASSED);
        flush_all();
        recording = false;
        keyframe_unwatch(&watched);
        while ((region = region_tree_first(&tree)))
                play_remove(region);
}
