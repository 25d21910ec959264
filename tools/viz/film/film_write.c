#include "base/error_message.h"
#include "base/format.h"
#include "draw/gallery.h"
#include "film/film.h"
#include "layout/layout_draw.h"

#include <stdlib.h>

enum { COLUMNS = 2 };

/* The captions one after the other, for those who cannot see the sheet. The caller frees them. */
static struct error describe(const struct film *film, char **out)
{
        size_t length;
        FILE *file = open_memstream(out, &length);

        if (!file)
                return fail_no_memory();
        fprintf(file, "The operation in %s: ", format_counted(film->frames, "frame"));
        for (size_t i = 0; i < film->frames; i++)
                fprintf(file, "%s%s", film->frame[i].caption, i + 1 < film->frames ? "; " : ".");
        return fclose(file) ? fail_no_memory() : SUCCESS;
}

static struct error render_gallery(const struct gallery_request *request, enum format format,
                                   enum theme_choice theme, const char *path, struct picture_size *size)
{
        struct gallery *gallery;
        struct error error;

        TRY(gallery_create(&gallery, request));
        error = render(gallery_picture(gallery), format, theme, path);
        *size = render_size(gallery_picture(gallery), format);
        gallery_free(gallery);
        return error;
}

struct error film_render(const struct film *film, enum format format, enum theme_choice theme, const char *path,
                         struct picture_size *size)
{
        struct picture *picture = calloc(2 * film->frames, sizeof *picture);
        size_t pictures = 0;
        char *description = NULL;
        struct error error = picture ? describe(film, &description) : fail_no_memory();

        for (size_t i = 0; !error.code && i < film->frames; i++) {
                picture[pictures++] = layout_picture(film->frame[i].layout);
                if (film->frame[i].levels)
                        picture[pictures++] = layout_picture(film->frame[i].levels);
        }
        if (!error.code)
                error = render_gallery(&(struct gallery_request){
                        .title = film->title, .description = description, .columns = COLUMNS,
                        .pictures = pictures, .picture = picture,
                }, format, theme, path, size);
        free(description);
        free(picture);
        return error;
}

void film_write_words(const struct film *film, FILE *file)
{
        fprintf(file, "%s\n\n", film->title);
        for (size_t i = 0; i < film->frames; i++) {
                fprintf(file, "  %s\n", film->frame[i].caption);
                if (film->frame[i].meaning[0])
                        fprintf(file, "      %s\n", film->frame[i].meaning);
                if (film->frame[i].words)
                        fputs(film->frame[i].words, file);
        }
        if (film->is_cut)
                fprintf(file, "  ... and more: a film has %d frames at most\n", FILM_FRAMES_MAX);
}
