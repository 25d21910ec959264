#include "draw/text.h"
#include "base/error_message.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Widths of the characters from ' ' to '~', in thousandths of the font's size. */
static const uint16_t sans_widths[] = {
        318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
        636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
        1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
        603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
        500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
        635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
};
static const uint16_t sans_bold_widths[] = {
        348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365,
        696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580,
        1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837, 850,
        733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500,
        500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687,
        716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
};
enum { MONO_WIDTH = 602, MIDDLE_DOT_WIDTH = 380, DASH_WIDTH = 500, SYMBOL_WIDTH = 838, WIDE_WIDTH = 1000 };

/* The length of the well-formed character at `text`, and its code point; a stray byte counts as one. */
static inline size_t decode(const char *text, uint32_t *character)
{
        const unsigned char *byte = (const unsigned char *)text;
        size_t length = byte[0] < 0xc0 ? 1 : byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;

        *character = length == 1 ? byte[0] : byte[0] & (0x7f >> length);
        for (size_t i = 1; i < length; i++) {
                if ((byte[i] & 0xc0) != 0x80) {
                        *character = '?';
                        return 1;
                }
                *character = *character << 6 | (byte[i] & 0x3f);
        }
        return length;
}

static unsigned character_width(uint32_t character, enum font font)
{
        if (font == FONT_MONO || font == FONT_MONO_BOLD)
                return character < 0x1100 ? MONO_WIDTH : WIDE_WIDTH;
        if (character >= ' ' && character <= '~')
                return (font == FONT_SANS_BOLD ? sans_bold_widths : sans_widths)[character - ' '];
        if (character == 0xb7)
                return MIDDLE_DOT_WIDTH;
        if (character == 0x2013)
                return DASH_WIDTH;
        return character >= 0x1100 && character != 0x2265 && character != 0x2192 ? WIDE_WIDTH : SYMBOL_WIDTH;
}

/* Widths are added up as whole numbers, so that a text always has the same width, in whichever parts it is measured. */
static double pixels(unsigned long thousandths, struct text_style style)
{
        return (double)thousandths * style.size / 1000;
}

double text_width(const char *text, enum text_kind kind)
{
        struct text_style style = style_of_text(kind);
        uint32_t character;
        unsigned long thousandths = 0;

        while (*text) {
                text += decode(text, &character);
                thousandths += character_width(character, style.font);
        }
        return pixels(thousandths, style);
}

void text_fit(char *out, size_t size, const char *text, enum text_kind kind, double width)
{
        static const char ellipsis[] = "…";
        struct text_style style = style_of_text(kind);
        unsigned long used = 0;
        double room;
        size_t length = 0, kept = 0;            /* kept: bytes that leave room for the ellipsis */
        uint32_t character;

        if (text_width(text, kind) <= width && strlen(text) < size) {
                strcpy(out, text);
                return;
        }
        room = width - text_width(ellipsis, kind);
        while (text[length]) {
                size_t step = decode(text + length, &character);

                used += character_width(character, style.font);
                if (pixels(used, style) > width || length + step >= size)
                        break;
                length += step;
                if (pixels(used, style) <= room && length + sizeof ellipsis <= size)
                        kept = length;
        }
        snprintf(out, size, "%.*s%s", (int)kept, text, kept && kept + sizeof ellipsis <= size ? ellipsis : "");
}

const char *text_break(const char *text, enum text_kind kind, double width)
{
        struct text_style style = style_of_text(kind);
        static const uint32_t arrow = 0x2192;
        const char *at = text, *blank = NULL;
        uint32_t character, before = 0;
        unsigned long used = 0;

        for (; *at; before = character) {
                size_t step = decode(at, &character);

                if (character == ' ' && before != arrow)
                        blank = at;
                used += character_width(character, style.font);
                if (pixels(used, style) > width && at > text)
                        return blank ? blank : at;
                at += step;
        }
        return at;
}

const char *text_break_list(const char *text, enum text_kind kind, double width, const char **next)
{
        static const char between[] = " · ";
        const char *end = text_break(text, kind, width), *item = NULL;

        for (const char *at = text; *end && (at = strstr(at, between)) && at <= end; at += sizeof between - 1)
                item = at;
        if (item) {
                *next = item + sizeof between - 1;
                return item;
        }
        *next = end + (*end == ' ');
        return end;
}

static bool changes_direction(uint32_t character)
{
        return (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069) ||
               character == 0x200e || character == 0x200f || character == 0x061c;
}

void text_copy_name(char *out, size_t size, const char *name)
{
        uint32_t character;
        size_t step, length = 0;

        for (; name && *name; name += step) {
                step = decode(name, &character);
                if (length + step >= size)
                        break;
                memcpy(out + length, changes_direction(character) ? "?" : name, changes_direction(character) ? 1 : step);
                length += changes_direction(character) ? 1 : step;
        }
        out[length] = 0;
        text_make_printable(out, length);
}

void text_add(char *out, size_t size, const char *text)
{
        size_t used = strlen(out), length = strlen(text);

        if (length >= size - used)
                length = size - used - 1;
        memcpy(out + used, text, length);
        out[used + length] = 0;
}

void text_append(char *out, size_t size, const char *format, ...)
{
        size_t length = strlen(out);
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(out + length, size - length, format, arguments);
        va_end(arguments);
}
