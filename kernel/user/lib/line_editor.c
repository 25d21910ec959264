#include "user/lib/line_editor.h"
#include "lib/printf.h"
#include "lib/string.h"

#define CONTROL(letter) ((letter) & 31)

enum { ESCAPE = 27, DELETE = 127 };

/* --- showing ---------------------------------------------------------------------------------------------- */

void line_show(const struct line_editor *editor)
{
        const size_t first = editor->cursor > LINE_SHOWN ? editor->cursor - LINE_SHOWN : 0;
        size_t behind = strnlen(editor->text + first, LINE_SHOWN) + first - editor->cursor;

        kprintf("\r\033[K%s%.*s", editor->prompt, LINE_SHOWN, editor->text + first);
        if (behind)
                kprintf("\033[%zuD", behind);
}

void line_begin(struct line_editor *editor, const char *prompt)
{
        editor->prompt = prompt;
        editor->text[0] = 0;
        editor->length = editor->cursor = 0;
        editor->shown = editor->kept_count;
        line_show(editor);
}

/* --- changing --------------------------------------------------------------------------------------------- */

/* If there is no room, the terminal's bell is rung instead. */
static void insert(struct line_editor *editor, char byte)
{
        if (editor->length + 1 == LINE_SIZE) {
                kprintf("\a");
                return;
        }
        memmove(editor->text + editor->cursor + 1, editor->text + editor->cursor, editor->length - editor->cursor + 1);
        editor->text[editor->cursor++] = byte;
        editor->length++;
}

void line_insert(struct line_editor *editor, const char *text)
{
        while (*text)
                insert(editor, *text++);
        line_show(editor);
}

/* Deletes from one place to another; the cursor is at one of them. */
static void delete(struct line_editor *editor, size_t from, size_t to)
{
        if (from >= to || to > editor->length)
                return;
        memmove(editor->text + from, editor->text + to, editor->length - to + 1);
        editor->length -= to - from;
        editor->cursor = from;
}

static void replace(struct line_editor *editor, const char *text)
{
        format(editor->text, LINE_SIZE, "%s", text);
        editor->length = editor->cursor = strlen(editor->text);
}

/* --- lines entered before --------------------------------------------------------------------------------- */

static void keep(struct line_editor *editor)
{
        const char *newest = editor->kept[(editor->kept_count + LINES_KEPT - 1) % LINES_KEPT];

        if (editor->length && (!editor->kept_count || strcmp(newest, editor->text) != 0))
                memcpy(editor->kept[editor->kept_count++ % LINES_KEPT], editor->text, editor->length + 1);
}

static void look_back(struct line_editor *editor)
{
        if (editor->shown == 0 || editor->shown + LINES_KEPT == editor->kept_count)
                return;
        if (editor->shown == editor->kept_count)
                memcpy(editor->new_text, editor->text, editor->length + 1);
        replace(editor, editor->kept[--editor->shown % LINES_KEPT]);
}

static void look_forward(struct line_editor *editor)
{
        if (editor->shown == editor->kept_count)
                return;
        editor->shown++;
        replace(editor, editor->shown == editor->kept_count ? editor->new_text :
                        editor->kept[editor->shown % LINES_KEPT]);
}

/* --- keys ------------------------------------------------------------------------------------------------- */

/* The keys that send more than a byte, as the control characters that do the same. */
static char meaning_of_sequence(struct line_editor *editor, char byte)
{
        static const char final[] = "ABCDHF", number[] = "13478";
        static const char for_final[] = { CONTROL('P'), CONTROL('N'), CONTROL('F'), CONTROL('B'), CONTROL('A'),
                                          CONTROL('E') };
        static const char for_number[] = { CONTROL('A'), CONTROL('D'), CONTROL('E'), CONTROL('A'), CONTROL('E') };
        const char before = editor->escape, *found;

        editor->escape = 0;
        if (byte == '\r' || byte == '\n')
                return byte;                                            /* whatever was begun, the line is entered */
        if (before == ESCAPE && (byte == '[' || byte == 'O'))
                editor->escape = byte;                                  /* ESC [ or ESC O: goes on */
        else if ((before == '[' || before == 'O') && (found = strchr(final, byte)) && *found)
                return for_final[found - final];                        /* ESC [ A */
        else if (before != ESCAPE && before != 'O' && ((byte >= '0' && byte <= '9') || byte == ';'))
                editor->escape = before == '[' ? byte : '?';            /* ESC [ 3: goes on; with more, none of ours */
        else if (byte == '~' && (found = strchr(number, before)) && *found)
                return for_number[found - number];                      /* ESC [ 3 ~ */
        return 0;
}

/* Moves and deletions. */
static void edit(struct line_editor *editor, char key)
{
        switch (key) {
        case CONTROL('A'):
                editor->cursor = 0;
                break;
        case CONTROL('E'):
                editor->cursor = editor->length;
                break;
        case CONTROL('B'):
                editor->cursor -= editor->cursor > 0;
                break;
        case CONTROL('F'):
                editor->cursor += editor->cursor < editor->length;
                break;
        case CONTROL('P'):
                look_back(editor);
                break;
        case CONTROL('N'):
                look_forward(editor);
                break;
        case CONTROL('U'):
                delete(editor, 0, editor->cursor);
                break;
        case CONTROL('K'):
                delete(editor, editor->cursor, editor->length);
                break;
        case CONTROL('D'):
                delete(editor, editor->cursor, editor->cursor + 1);
                break;
        case CONTROL('H'):
        case DELETE:
                delete(editor, editor->cursor - (editor->cursor > 0), editor->cursor);
                break;
        }
        line_show(editor);
}

enum line_key line_take(struct line_editor *editor, char byte)
{
        const bool was_sequence = editor->escape;

        if (was_sequence) {
                byte = meaning_of_sequence(editor, byte);
        } else if (byte == ESCAPE) {
                editor->escape = ESCAPE;
                return LINE_GOES_ON;
        }
        if (byte == '\r' || byte == '\n') {
                kprintf("\n");
                keep(editor);
                return LINE_ENTERED;
        }
        if (byte == CONTROL('C')) {
                kprintf("^C\n");
                replace(editor, "");
                return LINE_DROPPED;
        }
        if (byte == CONTROL('D') && !was_sequence && !editor->length) {
                kprintf("\n");
                return LINE_ENDED;
        }
        if (byte == '\t')
                return LINE_WANTS_MORE;
        if (byte >= ' ' && byte <= '~') {
                insert(editor, byte);
                if (editor->cursor < editor->length || editor->length > LINE_SHOWN)
                        line_show(editor);
                else
                        kprintf("%c", byte);
        } else if (byte) {
                edit(editor, byte);
        }
        return LINE_GOES_ON;
}
