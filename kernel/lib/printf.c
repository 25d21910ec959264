#include "lib/printf.h"
#include "lib/string.h"

struct output {
        char *buffer;
        size_t size, length;            /* the length of the whole text, even if the buffer is full */
};

/* The part of a directive between the percent sign and the letter. */
struct directive {
        bool left, zeros;
        int width, precision;           /* precision -1: none, which is the largest size_t */
        int longs;                      /* how many "l"; "z" counts as one */
};

/* Writes a byte `n` times; not at all if n is negative. */
static void put(struct output *out, char byte, int n)
{
        for (; n > 0; n--, out->length++) {
                if (out->length + 1 < out->size)
                        out->buffer[out->length] = byte;
        }
}

/* Padding: spaces go before the sign, or to the right of the text; zeros go between the sign and the digits. */
static void put_padded(struct output *out, const struct directive *directive, const char *sign, const char *text,
                       size_t length)
{
        const int padding = directive->width - (int)(strlen(sign) + length);
        if (!directive->left && !directive->zeros)
                put(out, ' ', padding);
        while (*sign)
                put(out, *sign++, 1);
        if (directive->zeros)
                put(out, '0', padding);
        for (size_t i = 0; i < length; i++)
                put(out, text[i], 1);
        if (directive->left)
                put(out, ' ', padding);
}

static void put_text(struct output *out, struct directive *directive, const char *text)
{
        if (!text)
                text = "(null)";
        directive->zeros = false;
        put_padded(out, directive, "", text, strnlen(text, (size_t)directive->precision));
}

static void put_number(struct output *out, const struct directive *directive, const char *sign, uint64_t value,
                       unsigned base)
{
        char digits[20];
        size_t first = sizeof digits;
        do {
                digits[--first] = "0123456789abcdef"[value % base];
                value /= base;
        } while (value);
        put_padded(out, directive, sign, digits + first, sizeof digits - first);
}

static void put_signed(struct output *out, const struct directive *directive, int64_t value)
{
        put_number(out, directive, value < 0 ? "-" : "", value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

static uint64_t take_unsigned(const struct directive *directive, va_list *arguments)
{
        return directive->longs ? va_arg(*arguments, unsigned long) : va_arg(*arguments, unsigned int);
}

static const char *parse_number(const char *pattern, int *out, va_list *arguments)
{
        *out = 0;
        if (*pattern == '*') {
                *out = va_arg(*arguments, int);
                return pattern + 1;
        }
        for (; *pattern >= '0' && *pattern <= '9'; pattern++)
                *out = *out * 10 + (*pattern - '0');
        return pattern;
}

static const char *parse_directive(const char *pattern, struct directive *out, va_list *arguments)
{
        *out = (struct directive){ .precision = -1 };
        for (; *pattern == '-' || *pattern == '0'; pattern++) {
                out->left |= *pattern == '-';
                out->zeros |= *pattern == '0';
        }
        out->zeros &= !out->left;
        pattern = parse_number(pattern, &out->width, arguments);
        if (*pattern == '.')
                pattern = parse_number(pattern + 1, &out->precision, arguments);
        for (; *pattern == 'l' || *pattern == 'z'; pattern++)
                out->longs++;
        return pattern;
}

static void put_argument(struct output *out, char letter, struct directive *directive, va_list *arguments)
{
        switch (letter) {
        case 's':
                put_text(out, directive, va_arg(*arguments, const char *));
                break;
        case 'c':
                put_padded(out, directive, "", &(char){ (char)va_arg(*arguments, int) }, 1);
                break;
        case 'd':
                put_signed(out, directive, directive->longs ? va_arg(*arguments, long) : va_arg(*arguments, int));
                break;
        case 'u':
        case 'x':
                put_number(out, directive, "", take_unsigned(directive, arguments), letter == 'x' ? 16 : 10);
                break;
        case 'p':
                put_number(out, directive, "0x", (uintptr_t)va_arg(*arguments, void *), 16);
                break;
        default:
                put(out, '%', 1);
                if (letter != '%')
                        put(out, letter, 1);
        }
}

size_t format_list(char *buffer, size_t size, const char *pattern, va_list arguments)
{
        struct output out = { .buffer = buffer, .size = size };
        va_list rest;
        va_copy(rest, arguments);
        while (*pattern) {
                if (*pattern != '%') {
                        put(&out, *pattern++, 1);
                        continue;
                }
                struct directive directive;
                pattern = parse_directive(pattern + 1, &directive, &rest);
                if (!*pattern)
                        break;
                put_argument(&out, *pattern++, &directive, &rest);
        }
        va_end(rest);
        buffer[out.length < size ? out.length : size - 1] = 0;
        return out.length;
}

size_t format(char *buffer, size_t size, const char *pattern, ...)
{
        va_list arguments;
        va_start(arguments, pattern);
        const size_t length = format_list(buffer, size, pattern, arguments);
        va_end(arguments);
        return length;
}

void kprintf(const char *pattern, ...)
{
        char text[KPRINTF_MAX];
        va_list arguments;
        va_start(arguments, pattern);
        const size_t length = format_list(text, sizeof text, pattern, arguments);
        va_end(arguments);
        console_write(text, length < sizeof text ? length : sizeof text - 1);
}
