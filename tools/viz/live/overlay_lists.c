#include "base/format.h"
#include "live/panes.h"
#include "stream/event_table.h"

#include <stdio.h>

/* --- spaces ----------------------------------------------------------------------------------------------- */

/* The trees that exist at this moment, in the order in which they were created. */
static const struct model_tree *tree_in_row(const struct scene *scene, int row)
{
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(scene->model, i)); i++)
                if (!tree->gone && row-- == 0)
                        return tree;
        return NULL;
}

uint64_t overlay_spaces_tree_at(const struct scene *scene, int row)
{
        const struct model_tree *tree = tree_in_row(scene, row);

        return tree ? tree->id : 0;
}

void overlay_spaces_draw(struct area area, const struct scene *scene, struct view *view)
{
        int first = view->overlay_row >= area.height - 2 ? view->overlay_row - area.height + 3 : 0;
        const struct model_tree *tree;

        area_text(area, 0, 0, INK_HEADING, "  tree  name                     regions  operations  largest hole  range");
        while (view->overlay_row > 0 && !tree_in_row(scene, view->overlay_row))
                view->overlay_row--;
        for (int row = first; row - first < area.height - 1 && (tree = tree_in_row(scene, row)); row++) {
                char name[MODEL_NAME_SIZE];
                enum units units = units_for(tree->range);
                struct area line = area_inside(area, 0, 1 + row - first, area.width, 1);

                tree_words(name, sizeof name, scene->model, tree);
                area_printf(line, 0, 0, INK_PLAIN, "%c %4s", tree->id == view->tree ? '*' : ' ',
                            format_count(tree->id));
                area_printf(area_inside(line, 8, 0, 24, 1), 0, 0, INK_PLAIN, "%s", name);
                area_printf(line, 32, 0, INK_PLAIN, " %8s  %10s  %12s  %s%s", format_count(tree->regions),
                            format_count(tree->operations), units_long(units, model_largest_hole(tree)),
                            units_range(tree->range), tree->unknown ? "  unknown" : "");
                if (row == view->overlay_row)
                        area_tint(line, 0, 0, line.width, INK_SELECTED);
        }
}

/* --- tasks ------------------------------------------------------------------------------------------------ */

static int draw_processors(struct area area, const struct scene *scene)
{
        int y = 0;

        area_text(area, 0, y++, INK_HEADING, "  cpu  runs                      in operation on   interrupt");
        for (unsigned cpu = 0; cpu < scene->cpus && cpu < MODEL_CPUS_MAX; cpu++) {
                const struct model_cpu *at = model_cpu(scene->model, cpu);

                if (!at)
                        continue;
                area_printf(area, 2, y, INK_STRONG, "%3u", cpu);
                if (at->running)
                        area_printf(area, 7, y, INK_PLAIN, "%s", at->running->name && *at->running->name ?
                                    at->running->name : format_numbered("task", at->running->id));
                else
                        area_text(area, 7, y, INK_PALE, "the kernel, or idle");
                if (at->tree)
                        area_printf(area, 33, y, INK_PATH, "tree %s", format_count(at->tree->id));
                if (at->in_interrupt)
                        area_printf(area, 51, y, INK_PLAIN, "%s", format_count(at->vector));
                y++;
        }
        return y + 1;
}

void overlay_tasks_draw(struct area area, const struct scene *scene, struct view *view)
{
        int y = draw_processors(area, scene), row = 0;
        const struct model_task *task;

        area_text(area, 0, y++, INK_HEADING, "  task  name                  process  space  state");
        for (size_t i = 0; (task = model_task_at(scene->model, i)); i++) {
                char state[96];

                if (row++ < view->overlay_row)
                        continue;
                if (y >= area.height)
                        break;
                if (task->exited)
                        snprintf(state, sizeof state, "exited with %s", format_count(task->status));
                else if (task->running)
                        snprintf(state, sizeof state, "runs on cpu %u%s%s", task->cpu, task->in_call ? ", in " : "",
                                 task->in_call ? system_call_name(task->call) : "");
                else
                        snprintf(state, sizeof state, "waits%s%s", task->in_call ? ", in " : "",
                                 task->in_call ? system_call_name(task->call) : "");
                area_printf(area, 0, y, task->exited ? INK_PALE : INK_PLAIN, "  %4s  %-20.20s %8s %6s  %s",
                            format_count(task->id), task->name ? task->name : "", format_count(task->process),
                            format_count(task->space), state);
                y++;
        }
        if (!row)
                area_text(area, 2, y, INK_PALE, "no task was created so far");
}

/* --- locks ------------------------------------------------------------------------------------------------ */

/* What a processor waits for, in a line of its own. */
static void draw_wait(struct area area, int y, const struct model_cpu *cpu)
{
        const struct model_lock *lock = cpu->wanted;
        char held[32] = "is free again";

        if (lock->held)
                snprintf(held, sizeof held, "cpu %u holds", lock->cpu);
        area_printf(area, 7, y, INK_REFUSED, "waits for %s %llx since event %s, which %s", lock_class_name(lock->class),
                    (unsigned long long)lock->address, format_count(cpu->wanted_since), held);
}

/* Each processor's locks, the newest first, and what it waits for, at this moment. */
void overlay_locks_draw(struct area area, const struct scene *scene, struct view *view)
{
        const bool are_sent = model_categories(scene->model) & (uint64_t)1 << CATEGORY_lock;
        int y = 0;

        area_text(area, 0, y++, INK_HEADING, "  cpu  holds, the newest first");
        for (unsigned cpu = 0; cpu < scene->cpus && cpu < MODEL_CPUS_MAX; cpu++) {
                const struct model_cpu *at = model_cpu(scene->model, cpu);
                const struct model_lock *lock = at ? at->held : NULL;
                int x = area_printf(area, 2, y, INK_STRONG, "%3u", cpu) + 2;

                if (!lock)
                        area_text(area, x, y, INK_PALE, "no lock");
                for (; lock; lock = lock->next)
                        x = area_printf(area, x, y, INK_PLAIN, "%s %llx%s", lock_class_name(lock->class),
                                        (unsigned long long)lock->address, lock->next ? " · " : "");
                y++;
                if (at && at->wanted)
                        draw_wait(area, y++, at);
        }
        if (are_sent)
                return;
        if (view->present && present_state(view->present) != PRESENT_ENDED)
                area_text(area, 2, y + 1, INK_PALE, "The kernel does not send events of locks. Enter asks it to, from now on.");
        else
                area_text(area, 2, y + 1, INK_PALE, "Events of locks are only in a recording that was made with trace=+lock.");
}
