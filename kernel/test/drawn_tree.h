/*
 * The tree that a test draws: it is laid out as a picture shows (test/picture.h), something is done to it, and it is
 * compared with another picture.
 */
#pragma once

#include "mm/region_tree.h"

extern struct region_tree drawn_tree;

/* A region that is in no tree yet: the test places it. In a picture it is an x. */
extern struct region *drawn_x;

/* Lays out what the picture shows, in a tree whose range is as long as it is, and makes x. */
struct error draw(const char *picture);

/* Frees the regions and the tree. */
void draw_nothing(void);

/* Whether the tree looks like a picture; if not, the console shows both. */
bool looks_like(const char *picture);

/* The region with this letter; NULL if there is none. */
struct region *named(char name);
