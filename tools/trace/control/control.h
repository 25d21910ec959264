/*
 * Controls a running kernel: pause, step, run to, ... Commands go to the recorder that owns the machine (`regiontrace
 * record --control FOLDER`), and from there over the trace line to the kernel. docs/trace-format.md, "Commands", says
 * what each command does.
 *
 *      struct control *control;
 *      struct control_message message;
 *      bool has_message;
 *      uint64_t number;
 *
 *      TRY(control_attach("live", &control));                          or control_boot(): a machine of our own
 *      TRY(control_send(control, &(struct control_command){ .kind = COMMAND_PAUSE }, &number));
 *      ... poll() until control_descriptor(control) is readable ...
 *      TRY(control_receive(control, &message, &has_message));          the answer to command `number`; then: all stand
 *      control_close(control);
 *
 * The stream itself is not sent this way. It is in the recording, which grows: control_recording() names it, and
 * control_source() reads it. The recorder writes what arrives at once, and before it passes a message on; so when the
 * message "all stand" arrives, the recording has every event up to there.
 *
 * One thread at a time may use a struct control. None of the calls blocks, but for control_boot() and control_attach(),
 * which wait up to a few seconds for the recorder.
 */
#pragma once

#include "lib/vocabulary/control.h"     /* the commands, the answers, how a cpu stands */
#include "stream/source.h"

#include <stdbool.h>
#include <stdint.h>

enum { CONTROL_CPUS_MAX = 8, CONTROL_CATEGORIES_MAX = 64, CONTROL_CPU_ANY = -1 };

struct control_command {
        enum command_kind kind;
        int cpu;                                /* for steps and run to event; CONTROL_CPU_ANY: step any */
        uint64_t number;                        /* run to event: on that cpu, from 1; run to tree: its id, 0 for any */
        const char *categories;                 /* "+lock,-tree", shorter than CONTROL_CATEGORIES_MAX */
};

enum control_message_kind {
        CONTROL_ANSWER,                         /* the kernel answers a command */
        CONTROL_ALL_STAND,                      /* every processor stands now */
        CONTROL_ENDED,                          /* the recorder and its machine have ended; nothing comes after */
};

struct control_message {
        enum control_message_kind kind;

        /* CONTROL_ANSWER */
        uint64_t number;                        /* of the command; 0: bytes arrived that are no command */
        enum answer answer;
        uint64_t carried_out, refused, damaged; /* commands since the kernel was started, of all controllers */

        /* CONTROL_ALL_STAND */
        unsigned cpus;
        struct {
                enum stand stand;
                uint64_t number;                /* of its newest event; 0: none */
        } cpu[CONTROL_CPUS_MAX];
};

struct control;

/*
 * Connects to a recorder: `path` is the folder given to `record --control`, or the socket in it. NOT_FOUND or IO with
 * an error message; OVERLAP if another controller is connected, since there may be one at a time.
 */
struct error control_attach(const char *path, struct control **out);

/*
 * Starts a recorder as a child process, with a machine of its own, and connects to it. `arguments` are more arguments
 * of `regiontrace record`, ended by NULL: { "--run", "teaching.ops", "--append", "pause=0:1", NULL }. Unless -o is
 * among them, the recording is in the recorder's private folder, and is removed by control_close(), which also ends the
 * machine.
 */
struct error control_boot(const char *const *arguments, struct control **out);

/*
 * Sends a command; `*number` is that of the answer to come. BAD_ARGUMENT with an error message, and nothing is sent, if
 * its arguments cannot be sent; IO if the recorder has ended.
 */
struct error control_send(struct control *control, const struct control_command *command, uint64_t *number);

/*
 * The next message, if any has arrived. After CONTROL_ENDED it is the same again. IO or BAD_INPUT with an error text.
 */
struct error control_receive(struct control *control, struct control_message *out, bool *has_message);

/* For poll(): readable (POLLIN) when control_receive() may have a message. */
int control_descriptor(const struct control *control);

/* The path of the recording. It grows while the machine runs, and may be opened any number of times. */
const char *control_recording(const struct control *control);

/*
 * The recording as a source for a reader, from its beginning: it yields what has arrived, whole frames only, and 0
 * bytes if nothing more is there now. It never blocks. It must be closed before the struct control.
 */
struct error control_source(const struct control *control, struct source *out);

/* Disconnects. A machine that control_boot() started is ended; one that was attached to goes on as it is. */
void control_close(struct control *control);
