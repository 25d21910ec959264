#include "base/error_message.h"
#include "control/control_server.h"
#include "record/machine_internal.h"
#include "record/qemu_monitor.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const double RESTS_AFTER = 0.05;         /* seconds of QEMU's processor time */

/* --- the bounds ------------------------------------------------------------------------------------------- */

/* Whether a bound has been reached, and which. */
static enum machine_stop bound_reached(const struct machine *machine)
{
        const double silent = machine->clock.elapsed - machine->clock_then.elapsed;
        const double busy = machine->clock.busy - machine->clock_then.busy;

        if (silent >= machine->silence)
                return busy > silent / 2 ? MACHINE_SILENT_BUSY : MACHINE_SILENT_IDLE;
        if (machine->longest && machine->clock.elapsed >= machine->longest)
                return MACHINE_TOO_LONG;
        return MACHINE_ENDED;
}

/* While the machine stands, since a controller wants it to, neither bound counts. */
static bool stands(const struct machine *machine)
{
        return machine->server && control_server_all_stand(machine->server);
}

/*
 * The processors of a machine that stands look for commands all the time. So that this takes no processor of the host,
 * QEMU itself is stopped once no command can be under way, until the next one is passed on: QEMU has read all of them
 * long ago, has worked since, and nothing came of it. A UART takes a while: 16 bytes at a time.
 */
static void rest(struct machine *machine, double looked, bool nothing_came)
{
        const bool had_read_all = machine->has_read_all;
        int unread = 0;

        machine->has_read_all = ioctl(machine->commands, FIONREAD, &unread) == 0 && !unread;
        if (machine->rests || !nothing_came || !had_read_all || !machine->has_read_all || looked < RESTS_AFTER)
                return;
        machine->rests = true;
        kill(machine->process, SIGSTOP);
}

/*
 * A machine that hangs is interrupted once, so that its kernel panics and says where it was. The bound then counts
 * again from here; how the machine ended is decided already.
 */
static bool was_interrupted(struct machine *machine)
{
        if (machine->ending.stop != MACHINE_SILENT_BUSY || machine->interrupted >= 0 || !machine->monitor)
                return false;
        machine->interrupted = qemu_monitor_interrupt(machine->monitor);
        if (machine->interrupted < 0)
                return false;
        machine->clock_then = machine->clock;
        machine->ending.stop = MACHINE_ENDED;
        return true;
}

bool machine_wait(struct machine *machine, struct pollfd *watched, nfds_t count)
{
        static const struct timespec step = { .tv_nsec = (long)(CHILD_CLOCK_STEP_MAX * 1e9) };
        int ready;

        do {
                ready = ppoll(watched, count, &step, &machine->waiting);
                if (ready < 0) {
                        machine->ending.stop = MACHINE_INTERRUPTED;
                        return false;
                }
                if (stands(machine))
                        rest(machine, child_clock_skip(&machine->clock), ready == 0);
                else
                        child_clock_update(&machine->clock);
                if (ready > 0 || stands(machine))
                        machine->clock_then = machine->clock;
                machine->ending.stop = bound_reached(machine);
        } while (ready == 0 && (machine->ending.stop == MACHINE_ENDED || was_interrupted(machine)));
        return machine->ending.stop == MACHINE_ENDED;
}

/* --- the trace line --------------------------------------------------------------------------------------- */

/*
 * Waits for the trace line, the machine's end, or the controller, and serves the latter. What a controller is sent was
 * read by an earlier call: so it is in the recording by now.
 */
static bool watch(struct machine *machine, struct pollfd watched[2 + CONTROL_SERVER_DESCRIPTORS])
{
        bool goes_on;

        watched[0] = (struct pollfd){ machine->trace, POLLIN, 0 };
        watched[1] = (struct pollfd){ machine->process_ended, POLLIN, 0 };
        if (!machine->server)
                return machine_wait(machine, watched, 2);
        control_server_watch(machine->server, watched + 2);
        goes_on = machine_wait(machine, watched, 2 + CONTROL_SERVER_DESCRIPTORS);
        control_server_serve(machine->server, watched + 2);
        if (control_server_has_passed_on(machine->server) && machine->rests) {
                machine->rests = false;
                kill(machine->process, SIGCONT);
        }
        return goes_on;
}

/* Waits until there is something to read or the machine has ended (what is left is read first), or must be killed. */
static struct error machine_read(void *context, void *bytes, size_t size, size_t *got)
{
        struct machine *machine = context;
        struct pollfd watched[2 + CONTROL_SERVER_DESCRIPTORS];

        *got = 0;
        while (watch(machine, watched)) {
                ssize_t result;

                if (!watched[0].revents && !watched[1].revents)
                        continue;
                if (!watched[0].revents)
                        break;
                result = read(machine->trace, bytes, size);
                if (result >= 0) {
                        if (machine->server)
                                control_server_see(machine->server, bytes, (size_t)result);
                        *got = (size_t)result;
                        break;
                }
                if (errno != EAGAIN)
                        return FAILF(IO, "the trace line cannot be read: %s", strerror(errno));
        }
        return SUCCESS;
}

static void close_nothing([[maybe_unused]] void *context)
{
}

struct source machine_source(struct machine *machine)
{
        return (struct source){ machine, machine_read, close_nothing };
}
