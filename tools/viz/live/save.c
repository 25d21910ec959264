#include "live/save.h"
#include "analysis/cut.h"
#include "base/error_message.h"
#include "draw/render.h"
#include "layout/layout_draw.h"
#include "layout/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MEMORY_OF_CUT = 64 << 20 };

static struct error write_words(const struct layout *layout, const char *path)
{
        FILE *file = fopen(path, "w");
        bool failed;

        if (!file)
                return FAILF(IO, "%s: %s", path, strerror(errno));
        words_write(file, layout);
        failed = ferror(file);
        if (fclose(file) != 0 || failed)
                return FAILF(IO, "%s: %s", path, strerror(errno));
        return SUCCESS;
}

/* The operation that is shown, or, if there is none, all up to here, as a recording of its own. */
static struct error write_cut(const struct view *view, const struct scene *scene, const char *path)
{
        const struct model_operation *operation = &scene->shown.operation;
        struct cut cut = { .to = { CUT_AT_EVENT, timeline_at(view->timeline) } };

        if (view->present)
                return FAILF(BAD_ARGUMENT,
                             "a running kernel is recorded to a file already: cut that when it has ended");
        if (scene->shown.begun) {
                cut.from = (struct cut_end){ CUT_AT_EVENT, operation->begin };
                cut.to.number = operation->end ? operation->end : operation->begin;
        }
        return cut_write(timeline_name(view->timeline), cut, MEMORY_OF_CUT, path);
}

static bool ends_with(const char *path, const char *ending)
{
        size_t length = strlen(path);

        return length > strlen(ending) && !strcmp(path + length - strlen(ending), ending);
}

static struct error write_layout(const struct layout *layout, const char *path)
{
        const char *ending = strrchr(path, '.');
        struct picture picture = layout_picture(layout);
        enum format format;

        if (ending && !strcmp(ending, ".txt"))
                return write_words(layout, path);
        TRY(render_format(&format, path));
        return render(&picture, format, THEME_BOTH, path);
}

static struct error write_tree(const struct view *view, const struct scene *scene, const char *path)
{
        struct layout *layout;
        struct error error;

        if (!scene->tree)
                return FAILF(NOT_FOUND, "there is no tree to save yet");
        TRY(layout_create(&layout, &(struct layout_request){
                .tree = scene->tree, .space = scene->space, .event = timeline_at(view->timeline),
                .shown = scene->shown.begun ? &scene->shown : NULL, .fit = FIT_SCREEN,
        }));
        error = write_layout(layout, path);
        layout_free(layout);
        return error;
}

void save_view(struct view *view, const char *path)
{
        struct scene scene;
        struct error error;

        scene_take(&scene, view);
        if (ends_with(path, ".rtrace") || ends_with(path, ".rtrace.zst"))
                error = write_cut(view, &scene, path);
        else
                error = write_tree(view, &scene, path);
        if (error.code)
                view_alarm(view, "%s", error_message());
        else
                view_say(view, "saved as %s", path);
}
