#include "random_placement.h"

#include "layout.h"
#include "lib/vrange.h"

#include <stdlib.h>
#include <time.h>

static double now_ns(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
        double left = *(const double *)a, right = *(const double *)b;

        return (left > right) - (left < right);
}

/* Ends the range with the last region, and yields the share that is used. */
static double close_up(struct layout *layout)
{
        size_t used = 0;

        layout->end = layout->base;
        for (size_t slot = 0; slot < layout->count; slot++) {
                struct stretch region = layout->region[slot];

                used += region.size;
                if (layout->end < region.base + region.size)
                        layout->end = region.base + region.size;
        }
        return (double)used / (double)(layout->end - layout->base);
}

bool random_placement_measure(size_t count, size_t placements, struct random_placement *out)
{
        double *ns = calloc(placements, sizeof *ns);
        struct layout layout;
        struct rng rng;
        void *tree;

        rng_seed(&rng, 1);
        if (!ns || !layout_make_aged(&layout, count, &rng)) {
                free(ns);
                return false;
        }
        *out = (struct random_placement){ .used = close_up(&layout), .placements = placements };
        tree = peer_understory.build(&layout);
        if (tree) {
                for (size_t i = 0; i < placements; i++) {
                        size_t size = (1 + rng_below(&rng, 4)) * PAGE_SIZE;
                        double begin = now_ns();
                        bool placed = peer_understory.place_random(tree, count, size);

                        ns[i] = now_ns() - begin;
                        if (placed)
                                peer_understory.remove(tree, count);
                        else
                                out->failures += peer_understory.search(tree, size, PAGE_SIZE) != 0;
                }
                peer_understory.destroy(tree);
                qsort(ns, placements, sizeof *ns, compare);
                out->median_ns = ns[placements / 2];
                out->p99_ns = ns[placements * 99 / 100];
                out->longest_ns = ns[placements - 1];
        }
        layout_free(&layout);
        free(ns);
        return tree;
}
