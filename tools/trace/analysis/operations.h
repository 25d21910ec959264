/*
 * Every operation on every region tree of a recording, in order: what was asked, what the result was, and how it was
 * reached. Two recordings are compared by these lists (diff.h).
 *
 *      struct operations *operations;
 *
 *      TRY(operations_read("run.rtrace", &operations));
 *      ... operations->tree[0].operation[56].result ...
 *      operations_free(operations);
 *
 * Regions are told apart by where they are and not by their ids, since two runs number the same regions differently.
 */
#pragma once

#include "model/model.h"

/*
 * How an operation went, as checksums of what happened in it, in order. Two operations on equal trees that have the
 * same checksum did the same.
 */
struct operation_course {
        uint64_t search;                        /* of the visits: which node, what was decided, what was skipped */
        uint64_t changes;                       /* of the links, unlinks, exchanges, rotations and recolourings */
        uint64_t regions;                       /* of the ranges and protections changed since the operation began,
                                                   up to the next operation on any tree */
};

struct operation {
        uint64_t number;                        /* the tree's own */
        uint64_t begin, end;                    /* its first and its last event; end 0: the recording ends before */
        enum tree_operation kind;
        char name[24];                          /* the region's, cut to this size; empty if it has none */
        uint64_t size, alignment;               /* bytes */
        uint64_t before, after;                 /* guards, bytes */
        struct vrange window, footprint;        /* footprint: where the region was when the operation began; may be empty */
        uint64_t address;                       /* hint, place or address sought */
        enum error_code result;
        uint64_t result_address;
        uint64_t visits;
        struct operation_course course;
};

struct operation_list {
        uint64_t tree, space;                   /* ids; space 0: not told */
        char name[MODEL_NAME_SIZE];             /* the space's when its first operation began; empty if it is not told */
        size_t nth;                             /* how many trees before this one have the same name */
        size_t count, room;
        struct operation *operation;
};

struct operations {
        char *path;
        size_t trees;                           /* those that had an operation, in the order of their first one */
        struct operation_list *tree;
        struct operation_list **by_name;        /* the same, sorted by name and `nth` */
        uint64_t missing;                       /* events that are missing: then some operations may be, too */
        bool is_cut_short;                      /* there is no end event: then the last ones may be missing */
};

/* IO, BAD_INPUT or NO_MEMORY with an error message. O(events + trees log trees). */
struct error operations_read(const char *path, struct operations **out);
void operations_free(struct operations *operations);
/* The bytes that the lists take. O(trees). */
size_t operations_memory(const struct operations *operations);

/* The list with this name and `nth`; NULL if there is none. O(log trees). */
const struct operation_list *operations_find(const struct operations *operations, const char *name, size_t nth);

enum { OPERATION_WORDS_SIZE = 256 };

/* What was asked, in words: `place_anywhere 64 KiB "heap", aligned to 2 MiB`. */
void operation_request_words(const struct operation *operation, char words[OPERATION_WORDS_SIZE]);
/* What the result was: "no_memory", "ok, at 0x29000". */
void operation_result_words(const struct operation *operation, char words[OPERATION_WORDS_SIZE]);
