/*
 * The terminal: curses, its signals, and the terminal's state, which is restored however the program ends: at the end, by a
 * signal, or by a crash.
 *
 *      TRY(screen_start(&options));
 *      while (!screen_was_ended()) {
 *              ... draw into screen_canvas() ...
 *              screen_show();
 *              key = screen_key(milliseconds, -1, NULL);
 *      }
 *      screen_end();
 */
#pragma once

#include "live/canvas.h"

#include <stdbool.h>

struct screen_options {
        enum colour_choice colour;
        bool ascii;
};

/* IO with a message if input or output is no terminal. */
struct error screen_check(void);
/* IO with a message: no terminal, or one that this machine has no description of. */
struct error screen_start(const struct screen_options *options);
void screen_end(void);
/* Whether a signal asks for the end (SIGTERM, SIGHUP, SIGINT, SIGQUIT). */
bool screen_was_ended(void);

/* As large as the terminal is now, cleared. NO_MEMORY. */
struct error screen_canvas(struct canvas *canvas);
/* Shows the canvas; only what has changed is sent. */
void screen_show(const struct canvas *canvas);

enum { SCREEN_NO_KEY = -1, SCREEN_KEY_MOUSE = -2, SCREEN_KEY_OTHER = -3 };

struct mouse {
        int x, y;
        bool pressed, twice, released, wheel_up, wheel_down;
        bool moved;                             /* with the button held down */
};

/*
 * The next key: a character, a KEY_ of curses, or one of those above. Waits so many milliseconds at most, and returns
 * early when `descriptor` (-1: none) has something to read: then `*readable` is true.
 */
int screen_key(int milliseconds, int descriptor, bool *readable);
struct mouse screen_mouse(void);
