/*
 * Measures the region tree against its peers, in one process. Rounds are interleaved: in each, every peer carries out
 * the same plan, and which one goes first changes with the round. After a few rounds all peers are built anew, in
 * another order: which one was built first decides where in memory it lies, and with a million regions that shows.
 * A ratio is the median of the ratios within the rounds, since noise hits the peers of one round alike. Prints tables
 * for `report` to read.
 */
#include "plan.h"
#include "random_placement.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
"usage: bench [--quick]\n"
"       bench --once COUNT\n"
"\n"
"Measures the region tree and its peers with 100 to 1,000,000 regions and prints\n"
"a line a cell, columns divided by tabs.\n"
"\n"
"  --quick       fewer and shorter rounds\n"
"  --once COUNT  one round with so many regions, 1,000 operations a peer, and no clock: for counting instructions;\n"
"                prints a line for each call of plan_run()\n"
"  --help        show this\n"
"\n"
"Exit status: 0 fine; 1 a peer gave a wrong answer; 2 wrong usage, or out of memory.\n";

static const struct peer *const peers[] = {
        &peer_understory, &peer_libbsd, &peer_std_set, &peer_boost, &peer_absl, &peer_list,
};
enum { PEERS = sizeof peers / sizeof peers[0], MOST_ROUNDS = 64, MOST_STEPS = 20000 };

/* How long to measure. Each set of peers is built `builds` times, and measured in `rounds` rounds each time. */
struct effort {
        size_t builds, rounds;
        double batch_ns;                /* a batch has as many steps as take so long; 0: as many as there may be */
        size_t steps;                   /* at most so many */
};

/* One layout in every peer, and what was measured with it. */
struct scene {
        const struct effort *effort;
        struct layout layout;
        struct rng rng;
        void *reference;                /* gives the answers */
        void *self[PEERS];
        size_t rounds;                  /* so far, over all builds */
        size_t steps[OPERATIONS][PEERS];
        double ns[OPERATIONS][PEERS][MOST_ROUNDS];
};

static void out_of_memory(void)
{
        fputs("bench: out of memory: 1,000,000 regions in every peer need 1 GB\n", stderr);
        exit(2);
}

static void progress(const char *doing, size_t count, size_t done, size_t of)
{
        if (isatty(STDERR_FILENO))
                fprintf(stderr, "\r\033[K%zu regions: %s %zu of %zu", count, doing, done, of);
}

static void progress_end(void)
{
        if (isatty(STDERR_FILENO))
                fputs("\r\033[K", stderr);
}

/* --- measuring -------------------------------------------------------------------------------------------- */

/* Nanoseconds of processor time, which others on the machine do not add to. A wrong answer ends the program. */
static double measure(struct scene *scene, const struct plan *plan, size_t steps, size_t peer)
{
        struct timespec begin, end;
        bool right;

        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
        right = plan_run(plan, steps, peers[peer], scene->self[peer]);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
        if (!right) {
                progress_end();
                fprintf(stderr, "bench: %s with %zu regions: %s answers otherwise than the region tree\n",
                        operation_name[plan->operation], scene->layout.count, peers[peer]->name);
                exit(1);
        }
        plan_undo(plan, steps, peers[peer], scene->self[peer]);
        return (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
}

/* How many steps make a batch of the length wanted. */
static size_t calibrate(struct scene *scene, const struct plan *plan, size_t peer)
{
        size_t steps = 1;

        if (!scene->effort->batch_ns)
                return plan->count;
        while (steps < plan->count && measure(scene, plan, steps, peer) < scene->effort->batch_ns / 2)
                steps *= 2;
        return steps < plan->count ? steps : plan->count;
}

/* Every operation from `first` to `last`, by every peer; which one goes first changes with the round. */
static void run_round(struct scene *scene, enum operation first, enum operation last)
{
        const size_t round = scene->rounds++;

        for (enum operation operation = first; operation <= last; operation++) {
                struct plan plan;

                if (!plan_make(&plan, operation, scene->effort->steps, &scene->layout, scene->reference,
                               &scene->rng))
                        out_of_memory();
                for (size_t i = 0; i < PEERS; i++) {
                        size_t peer = (i + round) % PEERS, *steps = &scene->steps[operation][peer];

                        if (!plan_suits(operation, peers[peer]))
                                continue;
                        if (!*steps)
                                *steps = calibrate(scene, &plan, peer);
                        scene->ns[operation][peer][round] = measure(scene, &plan, *steps, peer) / (double)*steps;
                }
                plan_free(&plan);
        }
}

static int compare(const void *a, const void *b)
{
        double left = *(const double *)a, right = *(const double *)b;

        return (left > right) - (left < right);
}

/*
 * The median of the ratios within the rounds: how many times as long as the first peer, which is ours, this one took.
 */
static double median_ratio(const struct scene *scene, enum operation operation, size_t peer)
{
        double ratio[MOST_ROUNDS];

        for (size_t round = 0; round < scene->rounds; round++)
                ratio[round] = scene->ns[operation][peer][round] / scene->ns[operation][0][round];
        qsort(ratio, scene->rounds, sizeof *ratio, compare);
        return ratio[scene->rounds / 2];
}

static void print_cell(const struct scene *scene, enum operation operation, size_t peer)
{
        const size_t rounds = scene->rounds;
        double ns[MOST_ROUNDS];

        memcpy(ns, scene->ns[operation][peer], rounds * sizeof *ns);
        qsort(ns, rounds, sizeof *ns, compare);
        printf("cell\t%s\t%zu\t%s\t%.4g\t%.4g\t%.4g\t%zu\t%.4g\n", operation_name[operation], scene->layout.count,
               peers[peer]->name, ns[rounds / 2], ns[rounds / 4], ns[rounds * 3 / 4], scene->steps[operation][peer],
               median_ratio(scene, operation, peer));
}

/* --- scenes ----------------------------------------------------------------------------------------------- */

static struct scene *set_up(const struct effort *effort, struct layout layout, struct rng rng)
{
        struct scene *scene = calloc(1, sizeof *scene);

        if (!scene)
                out_of_memory();
        scene->effort = effort;
        scene->layout = layout;
        scene->rng = rng;
        scene->reference = peer_understory.build(&layout);
        if (!scene->reference)
                out_of_memory();
        return scene;
}

/* Peer number `first` is built first. */
static void build_peers(struct scene *scene, size_t first)
{
        for (size_t i = 0; i < PEERS; i++) {
                const size_t peer = (first + i) % PEERS;

                progress("building peer", scene->layout.count, i + 1, PEERS);
                scene->self[peer] = peers[peer]->build(&scene->layout);
                if (!scene->self[peer])
                        out_of_memory();
        }
}

static void destroy_peers(struct scene *scene)
{
        for (size_t peer = 0; peer < PEERS; peer++)
                peers[peer]->destroy(scene->self[peer]);
}

static void tear_down(struct scene *scene)
{
        peer_understory.destroy(scene->reference);
        layout_free(&scene->layout);
        free(scene);
}

static void print_layout(const char *kind, const struct layout *layout)
{
        size_t *order = layout_order(layout), holes = 0, used = 0;
        struct stretch last, first;

        if (!order)
                out_of_memory();
        for (size_t i = 0; i < layout->count; i++) {
                const struct stretch *region = &layout->region[order[i]];
                const struct stretch *below = i ? &layout->region[order[i - 1]] : NULL;

                used += region->size;
                holes += below && region->base > below->base + below->size;
        }
        first = layout->region[order[0]];
        last = layout->region[order[layout->count - 1]];
        printf("layout\t%s\t%zu\t%.1f\t%.1f\n", kind, layout->count, 100.0 * (double)holes / (double)layout->count,
               100.0 * (double)used / (double)(last.base + last.size - first.base));
        free(order);
}

typedef bool layout_maker(struct layout *layout, size_t count, struct rng *rng);

static void play(const char *kind, layout_maker *make, const struct effort *effort, size_t count,
                 enum operation first, enum operation last)
{
        struct layout layout;
        struct scene *scene;
        struct rng rng;

        rng_seed(&rng, count);
        progress("making the layout", count, 1, 1);
        if (!make(&layout, count, &rng))
                out_of_memory();
        print_layout(kind, &layout);
        scene = set_up(effort, layout, rng);
        for (size_t build = 0; build < effort->builds; build++) {
                build_peers(scene, build * PEERS / effort->builds);
                for (size_t round = 0; round < effort->rounds; round++) {
                        progress("round", count, scene->rounds + 1, effort->builds * effort->rounds);
                        run_round(scene, first, last);
                }
                destroy_peers(scene);
        }
        progress_end();
        for (enum operation operation = first; operation <= last; operation++)
                for (size_t peer = 0; peer < PEERS; peer++)
                        if (plan_suits(operation, peers[peer]))
                                print_cell(scene, operation, peer);
        fflush(stdout);
        tear_down(scene);
}

static void play_random(size_t count)
{
        struct random_placement found;

        if (!random_placement_measure(count, 100000, &found))
                out_of_memory();
        printf("random\t%zu\t%.1f\t%zu\t%zu\t%.0f\t%.0f\t%.0f\n", count, 100 * found.used, found.placements,
               found.failures, found.median_ns, found.p99_ns, found.longest_ns);
}

static int fail_usage(void)
{
        fputs(usage, stderr);
        return 2;
}

int main(int argc, char **argv)
{
        static const struct effort full = { PEERS, 6, 6e6, MOST_STEPS };
        static const struct effort quick = { 2, 4, 3e6, MOST_STEPS / 2 };
        static const struct effort once = { 1, 1, 0, 1000 };
        const struct effort *effort = &full;
        size_t lowest = 100, highest = 1000000;

        if (argc == 2 && !strcmp(argv[1], "--help"))
                return fputs(usage, stdout), 0;
        if (argc == 3 && !strcmp(argv[1], "--once")) {
                char *end;

                effort = &once;
                errno = 0;
                lowest = highest = strtoul(argv[2], &end, 10);
                if (errno || *end || lowest < 100 || lowest > 1000000)
                        return fail_usage();
        } else if (argc == 2 && !strcmp(argv[1], "--quick")) {
                effort = &quick;
        } else if (argc != 1) {
                return fail_usage();
        }
        for (size_t count = lowest; count <= highest; count *= 10) {
                play("aged", layout_make_aged, effort, count, LOOKUP, NOTHING_FITS);
                play("huge", layout_make_huge, effort, count, HUGE, HUGE);
        }
        if (effort != &once)
                play_random(10000);
        return 0;
}
