/* The work folder: a copy of the tree, with the student's files in it, built. */
#include "base/error_message.h"
#include "grade.h"
#include "predict.h"
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of each process, in bytes. Compiling a file and linking take a sixth of the memory; macros can ask for any amount. */
enum { OUTPUT_MAX = 64 << 20, BUILD_MEMORY_MAX = 768 << 20 };

/* What a submission does when it runs goes here, below the work folder; all else there it can only read. */
static const char run_folder[] = "run";

void add_words(char **text, const char *format, ...)
{
        char *more = NULL, *longer = NULL;
        va_list arguments;

        va_start(arguments, format);
        if (vasprintf(&more, format, arguments) < 0)
                abort();
        va_end(arguments);
        if (asprintf(&longer, "%s%s", *text ? *text : "", more) < 0)
                abort();
        free(more);
        free(*text);
        *text = longer;
}

static void make_lines_printable(char *text, size_t length)
{
        for (char *line = text, *end = text + length; line < end;) {
                char *newline = memchr(line, '\n', (size_t)(end - line));
                size_t part = newline ? (size_t)(newline - line) : (size_t)(end - line);

                text_make_printable(line, part);
                line += part + 1;
        }
}

char *work_text(const struct grading *grading, const char *path, size_t room)
{
        char full[PATH_MAX + NAME_MAX];
        char *text = calloc(room + 1, 1);
        ssize_t got = 0;
        int fd;

        if (!text)
                abort();
        snprintf(full, sizeof full, "%s/%s", grading->work, path);
        fd = open(full, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        if (fd >= 0) {
                got = read(fd, text, room);
                close(fd);
        }
        make_lines_printable(text, got > 0 ? (size_t)got : 0);
        return text;
}

static struct error run_limited(const struct grading *grading, const char *name, const struct limits *limits,
                                char *const argv[], int *status)
{
        char output[PATH_MAX + NAME_MAX];

        snprintf(output, sizeof output, "%s/run/%s.txt", grading->work, name);
        return confined_run(&grading->isolation, limits, grading->work, output, argv, status);
}

struct error run_confined(const struct grading *grading, const char *name, unsigned seconds, char *const argv[],
                          int *status)
{
        const struct limits limits = { seconds, seconds, OUTPUT_MAX, 0, run_folder };

        return run_limited(grading, name, &limits, argv, status);
}

/* --- the step --------------------------------------------------------------------------------------------- */

char *next_field(char **line)
{
        char *field = *line, *bar = strchr(field, '|'), *end;

        *line = bar ? bar + 1 : field + strlen(field);
        if (bar)
                *bar = 0;
        field += strspn(field, " \t");
        end = field + strlen(field);
        while (end > field && strchr(" \t\n", end[-1]))
                *--end = 0;
        return field;
}

static void read_files(struct grading *grading, char *files)
{
        for (char *file = strtok(files, " "); file && grading->files < FILES_MAX; file = strtok(NULL, " "))
                grading->file[grading->files++] = strdup(file);
}

static bool asks_for(const struct grading *grading, const char *file)
{
        for (size_t i = 0; i < grading->files; i++) {
                if (!strcmp(grading->file[i], file))
                        return true;
        }
        return false;
}

/* Of the files of the steps before, those that the tree has and the step does not ask for. */
static void read_earlier_files(struct grading *grading, char *files)
{
        char path[PATH_MAX];

        for (char *file = strtok(files, " "); file && grading->earlier_files < EARLIER_MAX; file = strtok(NULL, " ")) {
                snprintf(path, sizeof path, "%s/%s", grading->tree, file);
                if (!asks_for(grading, file) && !access(path, R_OK))
                        grading->earlier_file[grading->earlier_files++] = strdup(file);
        }
}

struct error step_read(struct grading *grading)
{
        char path[PATH_MAX], *line = NULL, *earlier = strdup("");
        size_t room = 0;
        FILE *file;

        snprintf(path, sizeof path, "%s/labs/steps", grading->tree);
        file = fopen(path, "r");
        if (!file)
                return FAILF(IO, "%s: %s", path, strerror(errno));
        while (!grading->lab && getline(&line, &room, file) >= 0) {
                char *rest = line;
                char *name = next_field(&rest), *lab = next_field(&rest), *title = next_field(&rest);

                if (*name == '#')
                        continue;
                if (strcmp(name, grading->step)) {
                        add_words(&earlier, " %s", next_field(&rest));
                        continue;
                }
                grading->lab = strdup(lab);
                grading->title = strdup(title);
                read_files(grading, next_field(&rest));
        }
        read_earlier_files(grading, earlier);
        free(earlier);
        free(line);
        fclose(file);
        grading->is_watched = grading->lab && !grading->files && predict_is_asked(grading);
        if (!grading->files && !grading->is_watched)
                return FAILF(BAD_INPUT, "%s has no step %s whose files a student hands in", path, grading->step);
        return SUCCESS;
}

/* --- the student's files ---------------------------------------------------------------------------------- */

int submitted_open(const struct grading *grading, const char *path)
{
        char *copy = strdup(path), *name = copy, *slash;
        int at = open(grading->submission, O_RDONLY | O_DIRECTORY | O_CLOEXEC), next;

        while (at >= 0 && (slash = strchr(name, '/'))) {
                *slash = 0;
                next = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
                close(at);
                at = next;
                name = slash + 1;
        }
        next = at < 0 ? -1 : openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (at >= 0)
                close(at);
        free(copy);
        return next;
}

/* A path as it may be shown: a student's file names can hold anything. */
static char *printable(const char *path)
{
        char *copy = strdup(path);

        if (!copy)
                abort();
        text_make_printable(copy, strlen(copy));
        return copy;
}

char *submitted_text(const struct grading *grading, const char *path, size_t *length, char **problem)
{
        char *name = printable(path);
        char *text = malloc(SOURCE_SIZE_MAX + 2);
        struct stat facts;
        ssize_t got = -1;
        int fd = submitted_open(grading, path);

        if (fd < 0 && errno != ENOENT)
                add_words(problem, "%s: it is not taken: %s\n", name,
                          errno == ELOOP || errno == ENOTDIR ? "there is a symbolic link on the way to it" :
                                                               strerror(errno));
        else if (fd >= 0 && (fstat(fd, &facts) || !S_ISREG(facts.st_mode)))
                add_words(problem, "%s: it is no file\n", name);
        else if (fd >= 0)
                got = read(fd, text, SOURCE_SIZE_MAX + 1);
        if (fd >= 0)
                close(fd);
        free(name);
        *length = got > 0 ? (size_t)got : 0;
        text[*length] = 0;
        if (got >= 0)
                return text;
        free(text);
        return NULL;
}

char *handed_in_text(const struct grading *grading, const char *path, size_t *length, char **problem)
{
        const char *slash = strrchr(path, '/');
        char *found = NULL, *text = submitted_text(grading, path, length, &found);

        if (!text && !found && slash)
                text = submitted_text(grading, slash + 1, length, &found);
        if (found)
                add_words(problem, "%s", found);
        free(found);
        return text;
}

struct error write_text(const char *path, const char *text)
{
        FILE *file;

        unlink(path);
        file = fopen(path, "w");
        if (!file || fputs(text, file) < 0 || fclose(file))
                return FAILF(IO, "%s: %s", path, strerror(errno));
        return SUCCESS;
}

/* A tree that labs/flat-tree wrote without --starter has our solution where the student's files go. labs/step.mk says so. */
static bool tree_is_solved(const struct grading *grading)
{
        char path[PATH_MAX + NAME_MAX], *line = NULL;
        size_t room = 0;
        bool solved = false;
        FILE *file;

        snprintf(path, sizeof path, "%s/labs/step.mk", grading->tree);
        file = fopen(path, "r");
        while (file && getline(&line, &room, file) > 0)
                solved |= !strcmp(line, "SOLVED := yes\n");
        if (file)
                fclose(file);
        free(line);
        return solved;
}

static struct error take_file(struct grading *grading, const char *path)
{
        char target[PATH_MAX + NAME_MAX], words[256];
        size_t length;
        char *text = handed_in_text(grading, path, &length, &grading->build_problem);
        struct error error = SUCCESS;

        snprintf(target, sizeof target, "%s/tree/%s", grading->work, path);
        if (!text && !grading->build_problem && tree_is_solved(grading))
                return FAILF(BAD_ARGUMENT, "%s was not handed in, and %s has the solution in its place: grade it in the tree of "
                             "the starter (make starter)", path, grading->tree);
        if (!text && !grading->build_problem)
                add_words(&grading->notes, "%s was not handed in: the file that the step began with is graded.\n",
                          path);
        else if (text && !source_is_fine(path, text, length, words, sizeof words))
                add_words(&grading->build_problem, "%s\n", words);
        else if (text)
                error = write_text(target, text);
        free(text);
        return error;
}

/* --- building --------------------------------------------------------------------------------------------- */

int run_unconfined(char *const argv[])
{
        pid_t child = fork();
        int status = -1;

        if (!child) {
                execvp(argv[0], argv);
                _exit(127);
        }
        return child < 0 || waitpid(child, &status, 0) < 0 ? -1 : status;
}

/* Copies what building needs. The shell script is given all names as arguments, so any name will do. */
static struct error copy_tree(struct grading *grading)
{
        static const char script[] =
                "set -e; rm -rf \"$2\"; mkdir -p \"$2/run\" \"$2/tree/build\" \"$2/tree/labs\"; cd \"$1\"\n"
                "cp -a Makefile kernel tools \"$2/tree/\"; cp -a labs/grade \"$2/tree/labs/\"\n"
                "[ ! -f labs/labs.mk ] || cp -a labs/labs.mk \"$2/tree/labs/\"\n"
                "cp -a build/kernel build/host build/initrd build/initrd.cpio \"$2/tree/build/\"\n"
                "cd \"$2/tree\"; shift 2\n"
                "for file; do for object in \"build/$file.o\" \"build/host/$(echo \"$file\" | sed 's|^kernel/||; "
                "s|\\.c$||').o\"; do\n"
                "mkdir -p \"original/$(dirname \"$object\")\"; cp \"$object\" \"original/$object\"; done; done\n";
        char *argv[FILES_MAX + 7] = { "sh", "-c", (char *)script, "copy", (char *)grading->tree, grading->work };

        for (size_t i = 0; i < grading->files; i++)
                argv[6 + i] = grading->file[i];
        if (run_unconfined(argv))
                return FAILF(IO, "%s: the tree cannot be copied; is it built (make testable)?", grading->tree);
        return SUCCESS;
}

static struct error build(struct grading *grading)
{
        char command[] = "cd tree && exec sh labs/grade/build \"$@\"";
        char *argv[FILES_MAX + 5] = { "sh", "-c", command, "build" };
        const struct limits limits = { 60, 60, OUTPUT_MAX, BUILD_MEMORY_MAX, NULL };
        int status;
        char *said;

        for (size_t i = 0; i < grading->files; i++)
                argv[4 + i] = grading->file[i];
        TRY(run_limited(grading, "build", &limits, argv, &status));
        if (!status)
                return SUCCESS;
        said = work_text(grading, "run/build.txt", TEXT_MAX);
        if (status != CONFINED_TOO_LONG && (status < 3 || status > 5)) {
                struct error error = FAILF(IO, "building failed with status %d%s%s; can other users reach %s?", status,
                                           *said ? ": " : "", said, grading->work);

                free(said);
                return error;
        }
        if (status == CONFINED_TOO_LONG)
                add_words(&grading->build_problem, "Building took longer than a minute and was stopped.\n%s", said);
        else if (status == 3)
                add_words(&grading->build_problem, "It does not compile. The compiler says:\n%s", said);
        else if (status == 4)
                add_words(&grading->build_problem, "It is refused:\n%s", said);
        else
                add_words(&grading->build_problem, "It does not link:\n%s", said);
        free(said);
        return SUCCESS;
}

struct error prepare(struct grading *grading)
{
        TRY(copy_tree(grading));
        for (size_t i = 0; i < grading->files; i++)
                TRY(take_file(grading, grading->file[i]));
        TRY(confined_own(&grading->isolation, grading->work));
        if (!grading->build_problem)
                TRY(build(grading));
        return confined_keep(&grading->isolation, grading->work, run_folder);
}
