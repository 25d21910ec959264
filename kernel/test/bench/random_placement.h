/* How long placing at random takes, placement by placement: its worst cases are what matters. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct random_placement {
        double used;                    /* the share of the addresses that is taken */
        size_t placements, failures;
        double median_ns, p99_ns, longest_ns;
};

/*
 * Places and removes a region of 1 to 4 pages, `placements` times, in an aged layout of `count` regions that ends
 * where its last region does. A placement fails if it is refused although a hole fits. False if memory ran out.
 */
[[nodiscard]] bool random_placement_measure(size_t count, size_t placements, struct random_placement *out);
