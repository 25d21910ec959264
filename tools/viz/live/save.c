#include "save.h"
#include "error_message.h"
#include "layout_draw.h"
#include "render.h"
#include "words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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

void save_view(struct view *view, const char *path)
{
        struct scene scene;
        struct layout *layout;
        struct error error;

        scene_take(&scene, view);
        if (!scene.tree) {
                view_alarm(view, "there is no tree to save yet");
                return;
        }
        error = layout_create(&layout, &(struct layout_request){
                .tree = scene.tree, .space = scene.space, .event = timeline_at(view->timeline),
                .shown = scene.shown.begun ? &scene.shown : NULL, .fit = FIT_SCREEN,
        });
        if (!error.code) {
                error = write_layout(layout, path);
                layout_free(layout);
        }
        if (error.code)
                view_alarm(view, "%s", error_message());
        else
                view_say(view, "saved as %s", path);
}
