#include "user/lib/size.h"
#include "lib/printf.h"

const char *size_text(uint64_t bytes, char text[SIZE_TEXT_SIZE])
{
        static const char unit[] = "BKMGTPE";
        uint64_t tenths, whole;
        unsigned shift = 0;

        while (bytes >> (10 * (shift + 1)) && unit[shift + 1] != 'E')
                shift++;
        whole = bytes >> 10 * shift;
        tenths = ((bytes - (whole << 10 * shift)) >> (shift ? 10 * (shift - 1) : 0)) * 10 >> 10;
        if (shift && tenths)
                format(text, SIZE_TEXT_SIZE, "%lu.%lu%c", whole, tenths, unit[shift]);
        else
                format(text, SIZE_TEXT_SIZE, "%lu%c", whole, unit[shift]);
        return text;
}
