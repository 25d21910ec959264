/*
 * Writes seeds for the targets that read streams: for each recording a file of the bodies of its first frames, each
 * behind two bytes with its length (fuzz_stream.h).
 *
 *      make_seeds FOLDER RECORDING...
 */
#include "stream/frames.h"

#include <stdio.h>
#include <string.h>

enum { SEED_MAX = 16 << 10 };

static int write_seed(const char *path, const char *recording)
{
        static struct frames frames;
        FILE *out = fopen(path, "wb");
        struct source source;
        struct frame frame;
        bool more = true;
        long written = 0;

        if (!out || source_open(recording, &source).code)
                return 1;
        frames_init(&frames, source);
        while (written < SEED_MAX && !frames_next(&frames, &frame, &more).code && more) {
                const uint8_t length[2] = { (uint8_t)frame.length, (uint8_t)(frame.length >> 8) };

                if (frame.damage || frame.body[0] == 'H')
                        continue;
                fwrite(length, sizeof length, 1, out);
                fwrite(frame.body, frame.length, 1, out);
                written += (long)(sizeof length + frame.length);
        }
        source.close(source.context);
        return fclose(out) != 0;
}

int main(int argc, char **argv)
{
        char path[4096];

        for (int i = 2; i < argc; i++) {
                snprintf(path, sizeof path, "%s/recording-%d", argv[1], i - 1);
                if (write_seed(path, argv[i])) {
                        fprintf(stderr, "make_seeds: %s or %s cannot be read or written\n", argv[i], path);
                        return 1;
                }
        }
        return 0;
}
