/* The model by itself: events that cannot be applied are refused, and leave it consistent. */
#include "fuzz_stream.h"
#include "model/model.h"

#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerInitialize([[maybe_unused]] int *argc, [[maybe_unused]] char ***argv)
{
        fuzz_read_header();
        return 0;
}

/* Every link has its way back, and the tree has as many regions as it counts. */
static void verify(const struct model_tree *tree)
{
        size_t count = 0;

        for (const struct model_region *region = model_outermost(tree, LEFT); region; region = model_neighbour(region, RIGHT)) {
                count++;
                if (region->tree != tree || (region->parent ? region->parent->child[LEFT] != region &&
                                             region->parent->child[RIGHT] != region : tree->root != region))
                        abort();
        }
        if (count != tree->regions)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
        struct reader *reader = fuzz_open(input, size);
        struct model *model;
        struct model_tree *tree;
        struct event event;

        if (!reader)
                return 0;
        if (!model_create(&model).code) {
                while (reader_next(reader, &event))
                        error_ignore(model_apply(model, &event));
                for (size_t i = 0; (tree = model_tree_at(model, i)); i++)
                        verify(tree);
                model_destroy(model);
        }
        fuzz_close(reader);
        return 0;
}
