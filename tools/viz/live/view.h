/*
 * What the viewer shows: the moment, the tree, what is selected, and how it is looked at. Keys change the view; panes draw
 * it and change nothing.
 */
#pragma once

#include "draw/units.h"
#include "live/present.h"
#include "live/timeline.h"
#include "moment/shown_operation.h"
#include "moment/why.h"

enum pane { PANE_TREE, PANE_BAR, PANE_EVENTS, PANE_DETAIL, PANE_COUNTERS, PANES };
enum overlay { OVERLAY_NONE, OVERLAY_HELP, OVERLAY_SPACES, OVERLAY_TASKS, OVERLAY_LOCKS };
enum filter { FILTER_TREE, FILTER_TREES, FILTER_EVERYTHING, FILTERS };
enum prompt { PROMPT_NONE, PROMPT_GO_TO, PROMPT_SEARCH, PROMPT_SAVE };

struct beside;
struct finding_search;

/* How large nodes are drawn: chosen so that the tree fits, unless a size is chosen. */
enum node_size { SIZE_FITTING, SIZE_LETTER, SIZE_ADDRESS, SIZE_LINE, SIZE_BOX };

/* What the tree and its space were at an operation, for the sparklines. */
struct sample {
        uint64_t operation;                     /* 0: not known */
        uint64_t regions, height, largest_hole, free;
        uint64_t fragmented;                    /* of 1,000 free pages, those outside the largest hole */
        uint64_t rate;                          /* events a second since the operation before */
        uint64_t event, nanoseconds;            /* when it was taken */
};
enum { SAMPLES = 64 };

struct view {
        struct timeline *timeline;
        struct present *present;                /* of a running kernel; NULL: a recording */
        struct arrival *arrival;                /* of a recording that grows; NULL: it is whole */
        bool follows;                           /* a recording that grows: the view stays at its newest event */
        struct beside *beside;                  /* a second recording, aligned with this one; NULL: none */
        struct finding_search *finding;         /* that goes on; NULL: none */
        uint64_t tree;                          /* its id; 0: none yet */
        bool tree_was_chosen;                   /* by the user: it stays */
        enum pane focus;
        bool maximised;
        enum overlay overlay;
        int overlay_row;
        enum filter filter;
        char search[64];

        enum node_size node_size;
        struct {
                uint64_t tree, operation;
                unsigned tried;
                int letters, width, height;
        } fitted;                               /* within one operation the drawing does not become larger again */
        int pan_x, pan_y;                       /* cells, from where the tree is if it follows the action */
        uint64_t selected;                      /* a region's id; 0: none */
        struct vrange bar;                      /* what of the space the bar shows; empty: all */

        enum prompt prompt;
        char input[128];

        bool is_playing;
        double per_second;                      /* events shown */

        bool predicts, is_asking;
        uint64_t asked_at;                      /* the event that is to be predicted */
        unsigned asked, right;

        bool is_scrubbing;                      /* the mouse holds the handle of the scrub bar ... */
        uint64_t scrub_to;                      /* ... and is at this event; 0: it is shown already */

        char message[160];                      /* for one key's time */
        bool is_alarm;                          /* the message says that something failed */
        bool ends;
        const char *moment;                     /* where to begin, once that is indexed; NULL: at the first operation */
        bool has_begun;
        struct sample sample[SAMPLES];          /* by operation number, modulo SAMPLES */
        uint64_t filled_at;                     /* the event at which those that were missing were looked for */
};

/* What a moment holds, taken from the timeline before each drawing. */
struct scene {
        const struct model *model;
        const struct schema *schema;
        const struct model_tree *tree;          /* NULL: there is none */
        char space[MODEL_NAME_SIZE];            /* what the tree is called */
        enum units units;
        struct shown_operation shown;           /* the tree's newest operation */
        struct event event;                     /* the newest */
        bool has_event;
        uint64_t cpus;                          /* that have sent anything so far */
        uint64_t here;                          /* the region that the newest event is about; 0: none */
        enum knowledge knowledge;               /* of the tree; what follows is 0 if it is KNOWN_NOW */
        uint64_t unknown_since;                 /* the first missing event, since which the tree may have changed */
        uint64_t lost;                          /* events that are missing in what is indexed, dropped ones included */
};

void scene_take(struct scene *scene, struct view *view);

/* Whether the event list has an event in it, as it is filtered now. */
bool view_lists(const struct view *view, const struct event *event);
/* The name of a tree: its space's, "kernel", or "tree 3". */
void tree_words(char *out, size_t size, const struct model *model, const struct model_tree *tree);

/* Whether it is the tree of the kernel's own address space. */
bool tree_is_kernels(const struct model *model, uint64_t id);

[[gnu::format(printf, 2, 3)]] void view_say(struct view *view, const char *format, ...);
[[gnu::format(printf, 2, 3)]] void view_alarm(struct view *view, const char *format, ...);
