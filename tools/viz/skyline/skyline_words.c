#include "base/format.h"
#include "skyline/skyline.h"
#include "stream/event_table.h"

/* A run of this many holes or more that share a fate is one line. */
enum { RUN = 6 };

static const char *fate_words(const struct skyline *skyline, const struct skyline_gap *gap)
{
        static const char *const words[] = {
                [GAP_UNSEEN] = "not looked at",
                [GAP_DISMISSED] = "",
                [GAP_PASSED] = "on the way",
                [GAP_REFUSED] = "refused",
                [GAP_FITS] = "fits, but another is taken",
                [GAP_TAKEN] = "taken",
        };
        static char dismissed[WHY_SIZE + 32];

        if (!skyline->has_request)
                return "";
        if (gap->fate != GAP_DISMISSED)
                return words[gap->fate];
        snprintf(dismissed, sizeof dismissed, "dismissed at %zu: %s", skyline->dismissal[gap->dismissal].visit,
                 skyline->dismissal[gap->dismissal].words);
        return dismissed;
}

/* Whether two neighbours may be said in one breath. */
static bool is_alike(const struct skyline *skyline, size_t a, size_t b)
{
        const struct skyline_gap *left = &skyline->gap[a], *right = &skyline->gap[b];

        return !left->number[0] && !right->number[0] && left->fate == right->fate && a != skyline->expected &&
               b != skyline->expected && (left->fate != GAP_DISMISSED || left->dismissal == right->dismissal);
}

static void write_hole(FILE *file, const struct skyline *skyline, size_t i)
{
        const struct skyline_gap *gap = &skyline->gap[i];
        const char *fate = fate_words(skyline, gap);

        if (!gap->pages && !gap->number[0])
                return;
        fprintf(file, "  %s  %s", units_range(gap->range),
                gap->pages ? units_long(skyline->units, gap->pages) : "no hole");
        if (*fate)
                fprintf(file, "%s%s: %s", gap->number[0] ? ", visit " : "", gap->number, fate);
        if (i == skyline->expected && i != skyline->taken)
                fputs("; a linear walk takes it", file);
        fputc('\n', file);
}

static void write_run(FILE *file, const struct skyline *skyline, size_t first, size_t last)
{
        uint64_t largest = 0;
        size_t holes = 0;

        for (size_t i = first; i <= last; i++) {
                holes += skyline->gap[i].pages > 0;
                if (largest < skyline->gap[i].pages)
                        largest = skyline->gap[i].pages;
        }
        if (!holes)
                return;
        fprintf(file, "  %llx–%llx  %s, the largest %s%s%s\n", (unsigned long long)skyline->gap[first].range.base,
                (unsigned long long)skyline->gap[last].range.end, format_counted(holes, "hole"),
                units_long(skyline->units, largest), skyline->has_request ? ": " : "",
                fate_words(skyline, &skyline->gap[first]));
}

static void write_holes(FILE *file, const struct skyline *skyline)
{
        size_t last;

        fputs("\nHoles, in address order\n", file);
        for (size_t first = 0; first < skyline->gaps; first = last + 1) {
                for (last = first; last + 1 < skyline->gaps && is_alike(skyline, last, last + 1); last++)
                        continue;
                if (last - first + 1 >= RUN)
                        write_run(file, skyline, first, last);
                else
                        for (size_t i = first; i <= last; i++)
                                write_hole(file, skyline, i);
        }
        if (!skyline->holes)
                fputs("  none\n", file);
}

static void write_walk(FILE *file, const struct skyline *skyline)
{
        size_t holes = 0;

        for (size_t i = 0; i < skyline->gaps; i++)
                holes += skyline->gap[i].is_walked && skyline->gap[i].pages;
        fprintf(file, "\nA linear walk\n  looks at %s, of which %s %s", format_counted(skyline->walked, "gap"),
                format_count(holes), holes == 1 ? "is a hole" : "are holes");
        if (skyline->expected == NOWHERE_IN_SKYLINE)
                fputs("; none fits\n", file);
        else
                fprintf(file, "; takes %s, with %s\n", units_range(skyline->gap[skyline->expected].range),
                        units_long(skyline->units, skyline->gap[skyline->expected].pages));
}

static void write_search(FILE *file, const struct skyline *skyline)
{
        fprintf(file, "\nThe search%s\n",
                skyline->keeps_gaps ? "" : " (the tree keeps no gaps: it walks from hole to hole)");
        for (size_t i = 0; i < skyline->visits; i++) {
                const struct skyline_visit *visit = &skyline->visit[i];

                if (visit->gap == NOWHERE_IN_SKYLINE)
                        fprintf(file, "%3zu. a region that was removed later", i + 1);
                else if (!skyline->gap[visit->gap].above)
                        fprintf(file, "%3zu. the tail gap", i + 1);
                else
                        fprintf(file, "%3zu. %s", i + 1, units_address(skyline->gap[visit->gap].above->range.base));
                fprintf(file, ": %s\n", visit->decided);
                for (size_t j = 0; j < skyline->dismissals; j++)
                        if (skyline->dismissal[j].visit == i + 1)
                                fprintf(file, "     one comparison dismissed %s: %s\n",
                                        format_counted(skyline->dismissal[j].holes, "hole"),
                                        skyline->dismissal[j].words);
        }
}

void skyline_write_words(FILE *file, const struct skyline *skyline)
{
        fprintf(file, "%s\n%s\n", skyline->title, skyline->subtitle);
        write_holes(file, skyline);
        if (skyline->has_walk && skyline->has_request)
                write_walk(file, skyline);
        if (skyline->visits)
                write_search(file, skyline);
        if (skyline->summary[0] || skyline->alert[0])
                fputs("\nResult\n", file);
        if (skyline->summary[0])
                fprintf(file, "  %s\n", skyline->summary);
        if (skyline->alert[0])
                fprintf(file, "  %s\n", skyline->alert);
}
