#include "base/format.h"
#include "draw/units.h"
#include "map/map.h"

static double ms(const struct map *map, uint64_t ticks)
{
        return (double)(ticks - map->first) * map->ns_per_tick / 1e6;
}

static void write_faults(const struct map *map, FILE *file, const struct map_span *span)
{
        size_t fine = 0, bad = 0;

        for (size_t i = 0; i < map->faults; i++) {
                const struct map_fault *fault = &map->fault[i];

                if (fault->ticks < span->from || fault->ticks > span->to ||
                    !vrange_contains(span->range, fault->address))
                        continue;
                fine += map_fault_is_fine(fault);
                bad += !map_fault_is_fine(fault);
        }
        if (fine)
                fprintf(file, ", %s", format_counted(fine, "page fault"));
        if (bad)
                fprintf(file, ", %s that were errors", format_counted(bad, "page fault"));
}

void map_write_words(const struct map *map, FILE *file)
{
        fprintf(file,
                "%s: memory over time, tree %s\n%s, %s, %s in %.3f ms\n\nRegions, in the order in which they "
                "appeared\n",
                map->name, format_count(map->tree), format_counted(map->spans, "region"),
                format_counted(map->faults, "page fault"), format_counted(map->refusals, "refused request"),
                ms(map, map->last));
        for (size_t i = 0; i < map->spans; i++) {
                const struct map_span *span = &map->span[i];

                fprintf(file, "  %10.3f ms to ", ms(map, span->from));
                if (span->is_open)
                        fprintf(file, "%13s", "the end");
                else
                        fprintf(file, "%10.3f ms", ms(map, span->to));
                fprintf(file, "  %s %s %s", units_range(span->range), format_protection(span->protection), span->name);
                write_faults(map, file, span);
                fputc('\n', file);
        }
        if (map->gaps)
                fputs("\nNot known, since events are missing\n", file);
        for (size_t i = 0; i < map->gaps; i++)
                fprintf(file, "  %10.3f ms to %10.3f ms\n", ms(map, map->gap[i].from), ms(map, map->gap[i].to));
        if (map->refusals)
                fputs("\nRefused requests\n", file);
        for (size_t i = 0; i < map->refusals; i++)
                fprintf(file, "  %10.3f ms  %s (event %s)\n", ms(map, map->refusal[i].ticks), map->refusal[i].words,
                        format_count(map->refusal[i].event));
}
