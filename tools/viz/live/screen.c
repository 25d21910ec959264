#include "live/screen.h"
#include "base/error_message.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

enum { END_SECONDS = 5 };

/* The mouse also tells where it goes while a button is held down: xterm's mode 1002, which curses does not ask for. */
static const char tell_drags[] = "\033[?1002h", tell_no_drags[] = "\033[?1002l";

static SCREEN *terminal;
static struct termios terminal_before;
static volatile sig_atomic_t end_wanted, stop_wanted;
static struct mouse last_mouse;

/* What leaves the alternate screen, shows the cursor and turns colours and the mouse off: ready for a signal handler. */
static char restoring[256];
static size_t restoring_length;

/* --- signals ---------------------------------------------------------------------------------------------- */

/* The viewer ends between two keys. If it does not come to that, SIGALRM ends it, as a crash does. */
static void want_end(int signal_number)
{
        (void)signal_number;
        end_wanted = 1;
        alarm(END_SECONDS);
}

static void want_stop(int signal_number)
{
        (void)signal_number;
        stop_wanted = 1;
}

/* After a crash only calls that are safe in a handler restore the terminal; then the signal does what it would have done. */
static void crash(int signal_number)
{
        ssize_t written = write(STDOUT_FILENO, restoring, restoring_length);

        (void)written;
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
        signal(signal_number, SIG_DFL);
        raise(signal_number);
}

static void handle(int signal_number, void (*handler)(int))
{
        struct sigaction action = { .sa_handler = handler };

        sigemptyset(&action.sa_mask);
        sigaction(signal_number, &action, NULL);
}

static void handle_signals(void)
{
        static const int ends[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
        static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM };

        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
                handle(ends[i], want_end);
        for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
                handle(crashes[i], crash);
        handle(SIGTSTP, want_stop);
        handle(SIGPIPE, SIG_IGN);
}

static void prepare_restoring(void)
{
        static const char *const names[] = { "sgr0", "cnorm", "rmkx", "rmcup" };

        strcpy(restoring, "\033[?1006l\033[?1002l\033[?1000l");
        if (!key_mouse)
                restoring[0] = 0;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                const char *sequence = tigetstr(names[i]);

                if (sequence && sequence != (char *)-1 && strlen(restoring) + strlen(sequence) < sizeof restoring)
                        strcat(restoring, sequence);
        }
        restoring_length = strlen(restoring);
}

/* Past curses, whose output is sent before. A terminal without a mouse gets nothing. */
static void send(const char *sequence)
{
        ssize_t written;

        if (!key_mouse)
                return;
        fflush(stdout);
        written = write(STDOUT_FILENO, sequence, strlen(sequence));
        (void)written;
}

/* Gives the terminal back until the shell lets the program go on. */
static void stop(void)
{
        stop_wanted = 0;
        send(tell_no_drags);
        endwin();
        handle(SIGTSTP, SIG_DFL);
        raise(SIGTSTP);
        handle(SIGTSTP, want_stop);
        refresh();
        send(tell_drags);
}

bool screen_was_ended(void)
{
        return end_wanted;
}

/* --- start and end ---------------------------------------------------------------------------------------- */

static enum alphabet alphabet_of_terminal(const struct screen_options *options)
{
        const char *term = getenv("TERM");

        if (options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
                return ALPHABET_ASCII;
        return term && !strncmp(term, "linux", 5) ? ALPHABET_CONSOLE : ALPHABET_UNICODE;
}

struct error screen_check(void)
{
        if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
                return FAILF(IO, "the viewer needs a terminal for input and output; for files and pipes there are "
                             "`regionviz tree', `regionviz film' and `regiontrace dump'");
        return SUCCESS;
}

struct error screen_start(const struct screen_options *options)
{
        TRY(screen_check());
        setlocale(LC_ALL, "");
        glyphs_choose(alphabet_of_terminal(options));
        tcgetattr(STDIN_FILENO, &terminal_before);
        handle_signals();
        set_escdelay(25);
        terminal = newterm(NULL, stdout, stdin);
        if (!terminal)
                return FAILF(IO, "this machine has no description of the terminal \"%s\": set TERM to one that it has, "
                             "such as xterm-256color, vt100 or linux", getenv("TERM") ? getenv("TERM") : "");
        handle(SIGTSTP, want_stop);
        raw();
        noecho();
        nonl();
        keypad(stdscr, TRUE);
        curs_set(0);
        palette_start(options->colour);
        mousemask(ALL_MOUSE_EVENTS | REPORT_MOUSE_POSITION, NULL);
        mouseinterval(0);
        prepare_restoring();
        refresh();
        send(tell_drags);
        return SUCCESS;
}

void screen_end(void)
{
        if (!terminal)
                return;
        alarm(0);
        send(tell_no_drags);
        endwin();
        delscreen(terminal);
        terminal = NULL;
}

/* --- output ----------------------------------------------------------------------------------------------- */

struct error screen_canvas(struct canvas *canvas)
{
        if (canvas->width != COLS || canvas->height != LINES)
                return canvas_resize(canvas, COLS, LINES);
        canvas_clear(canvas);
        return SUCCESS;
}

void screen_show(const struct canvas *canvas)
{
        for (int y = 0; y < canvas->height && y < LINES; y++)
                for (int x = 0; x < canvas->width && x < COLS; x++) {
                        const struct cell *cell = &canvas->cell[(size_t)y * (size_t)canvas->width + (size_t)x];
                        const wchar_t text[2] = { cell->character, 0 };
                        cchar_t shown;

                        if (!cell->character)
                                continue;
                        setcchar(&shown, text, palette_attributes(cell->ink), palette_pair(cell->ink), NULL);
                        mvadd_wch(y, x, &shown);
                }
        refresh();
}

/* --- input ------------------------------------------------------------------------------------------------ */

static int take_mouse(void)
{
        const bool was_down = last_mouse.pressed || last_mouse.moved;
        MEVENT event;

        if (getmouse(&event) != OK)
                return SCREEN_KEY_OTHER;
        last_mouse = (struct mouse){
                .x = event.x,
                .y = event.y,
                .pressed = event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED),
                .twice = event.bstate & BUTTON1_DOUBLE_CLICKED,
                .wheel_up = event.bstate & BUTTON4_PRESSED,
                .wheel_down = event.bstate & BUTTON5_PRESSED,
                .released = event.bstate & BUTTON1_RELEASED,
                .moved = was_down && event.bstate & REPORT_MOUSE_POSITION,
        };
        return SCREEN_KEY_MOUSE;
}

static int take_key(void)
{
        wint_t key;

        timeout(0);
        switch (get_wch(&key)) {
        case OK:
                return (int)key;
        case KEY_CODE_YES:
                return key == KEY_MOUSE ? take_mouse() : (int)key;
        default:
                return SCREEN_NO_KEY;
        }
}

int screen_key(int milliseconds, int descriptor, bool *readable)
{
        struct pollfd wait[2] = { { STDIN_FILENO, POLLIN, 0 }, { descriptor, POLLIN, 0 } };
        int key = take_key();

        if (readable)
                *readable = false;
        if (key == SCREEN_NO_KEY) {
                poll(wait, descriptor < 0 ? 1 : 2, milliseconds);
                if (readable)
                        *readable = wait[1].revents;
                if ((wait[0].revents & (POLLHUP | POLLERR)) && !(wait[0].revents & POLLIN))
                        end_wanted = 1;
                key = take_key();
        }
        if (stop_wanted || key == 26)
                stop();
        if (key == 3)
                end_wanted = 1;
        return key;
}

struct mouse screen_mouse(void)
{
        return last_mouse;
}
