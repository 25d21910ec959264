#include "render.h"
#include "error_message.h"
#include "format.h"
#include "svg.h"

#include <errno.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* No side of a PNG is longer than this, in pixels. */
enum { PNG_LARGEST_SIDE = 8000 };

extern char **environ;

struct error render_format(enum format *out, const char *path)
{
        static const char *const endings[] = { ".dot", ".svg", ".png", ".pdf" };
        size_t length = strlen(path);

        for (enum format format = FORMAT_DOT; format <= FORMAT_PDF; format++)
                if (length > 4 && !strcmp(path + length - 4, endings[format])) {
                        *out = format;
                        return SUCCESS;
                }
        return FAILF(BAD_ARGUMENT, "%s: the name must end in .svg, .png, .pdf or .dot", path);
}

/* Pixels of a PNG for each pixel of the drawing. */
static double png_scale(const struct picture *picture)
{
        return fmin(picture->scale, PNG_LARGEST_SIDE / fmax(picture->width, picture->height));
}

struct picture_size render_size(const struct picture *picture, enum format format)
{
        double scale = format == FORMAT_PNG ? png_scale(picture) : picture->scale;

        return (struct picture_size){
                .width = (unsigned)lround(picture->width * scale),
                .height = (unsigned)lround(picture->height * scale),
                .is_reduced = scale < picture->scale,
        };
}

/* Runs neato with its standard input and output on two open files, and waits for it. */
static struct error run_neato(const char *format, double dots_per_inch, int input, int output)
{
        char type[16], resolution[32];
        char *arguments[] = { "neato", "-n2", type, resolution, NULL };
        posix_spawn_file_actions_t actions;
        int status, failure;
        pid_t child;

        snprintf(type, sizeof type, "-T%s", format);
        snprintf(resolution, sizeof resolution, "-Gdpi=%.3f", dots_per_inch);
        if (posix_spawn_file_actions_init(&actions))
                return fail_no_memory();
        failure = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
        if (!failure)
                failure = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        if (!failure)
                failure = posix_spawnp(&child, "neato", &actions, NULL, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
        if (failure == ENOENT)
                return FAILF(NOT_FOUND, "Graphviz's `neato' is not installed: `apt install graphviz', or write .svg");
        if (failure)
                return FAILF(IO, "neato: %s", strerror(failure));
        while (waitpid(child, &status, 0) < 0)
                if (errno != EINTR)
                        return FAILF(IO, "waiting for neato: %s", strerror(errno));
        if (!WIFEXITED(status) || WEXITSTATUS(status))
                return FAILF(IO, "neato failed (%s %d); what it said is above",
                                WIFEXITED(status) ? "exit status" : "signal",
                                WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
        return SUCCESS;
}

/* All that is in `file`, zero-terminated; the caller frees it. */
static struct error slurp(char **out, size_t *length, FILE *file)
{
        long size;

        if (fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET))
                return FAILF(IO, "a temporary file: %s", strerror(errno));
        *out = malloc((size_t)size + 1);
        if (!*out)
                return fail_no_memory();
        *length = fread(*out, 1, (size_t)size, file);
        (*out)[*length] = 0;
        return SUCCESS;
}

/* The picture as Graphviz draws it. */
static struct error draw_by_neato(FILE *drawn, FILE *dot, const struct picture *picture, enum format format,
                                  enum theme theme)
{
        double dots_per_inch = 72;

        picture_write_dot(dot, picture, theme);
        if (fflush(dot) || ferror(dot) || fseek(dot, 0, SEEK_SET))
                return FAILF(IO, "a temporary file: %s", strerror(errno));
        if (format == FORMAT_PNG)
                dots_per_inch = 96 * png_scale(picture);
        return run_neato(format == FORMAT_PNG ? "png" : "pdf", dots_per_inch, fileno(dot), fileno(drawn));
}

static struct error draw(FILE *drawn, FILE *dot, const struct picture *picture, enum format format,
                         enum theme_choice choice)
{
        enum theme theme = choice == THEME_ONLY_DARK ? THEME_DARK : THEME_LIGHT;

        switch (format) {
        case FORMAT_DOT:
                picture_write_dot(drawn, picture, theme);
                return SUCCESS;
        case FORMAT_SVG:
                return svg_write(drawn, picture, choice);
        default:
                return draw_by_neato(drawn, dot, picture, format, theme);
        }
}

static struct error write_file(const char *path, const char *bytes, size_t length)
{
        FILE *file = fopen(path, "wb");
        bool written;

        if (!file)
                return FAILF(IO, "%s: %s", path, strerror(errno));
        fwrite(bytes, 1, length, file);
        written = !ferror(file);
        written = !fclose(file) && written;
        return written ? SUCCESS : FAILF(IO, "%s: %s", path, strerror(errno));
}

struct error render(const struct picture *picture, enum format format, enum theme_choice theme, const char *path)
{
        FILE *dot = tmpfile(), *drawn = tmpfile();
        struct error error = SUCCESS;
        char *bytes = NULL;
        size_t length = 0;

        if (!dot || !drawn)
                error = FAILF(IO, "a temporary file: %s", strerror(errno));
        else
                error = draw(drawn, dot, picture, format, theme);
        if (!error.code)
                error = slurp(&bytes, &length, drawn);
        if (!error.code)
                error = write_file(path, bytes, length);
        free(bytes);
        if (dot)
                fclose(dot);
        if (drawn)
                fclose(drawn);
        return error;
}
