/*
 * A layout as JSON, for programs: where each node is, how it is drawn and what is said there. The test of the page in a
 * browser compares with it.
 *
 *      {
 *        "title": "teaching.ops · place_anywhere(...) → 2e000", "subtitle": ..., "alert": ..., "description": ...,
 *        "event": 1204, "width": 1400, "height": 780, "scale": 1,
 *        "nodes": [{"region": 12, "parent": 7, "side": "left", "colour": "red", "depth": 2, "row": 2,
 *                   "form": "box", "role": "visited", "pale": false, "followed": true, "linking": false,
 *                   "x": 310.5, "y": 204, "width": 108, "height": 62, "beneath_width": 0, "beneath_height": 0,
 *                   "base": "0x2e000", "end": "0x32000",
 *                   "gap": 5, "max": 5, "regions": 3, "heading": ..., "name": ..., "gaps": ...,
 *                   "number": "1, 4", "decided": "gap 2 < 4", "skipped": "", "subtree": []}, ...],
 *        "visits": [{"region": 12, "decision": "go_left", "decided": ""}, ...],
 *        "bar": [{"kind": "hole", "base": ..., "end": ..., "region": 0, "x": 48, "width": 20, "label": "5"}, ...],
 *        "marks": [{"kind": "place", "base": ..., "end": ..., "x": 48, "width": 20, "text": "taken: ..."}, ...]
 *      }
 *
 * x and y are of a node's middle, pixels of the layout; what is shown is `scale` times as large. Gaps are pages.
 * What is written beneath a box is in addition to its height; a triangle's words are part of it.
 * `regions` counts those of its subtree. Nodes are in address order, hidden ones too ("form": "hidden"); the root's
 * parent is 0. Addresses are strings, since the numbers of many programs have fewer than 64 bits.
 */
#pragma once

#include "layout/layout.h"

#include <stdio.h>

/* `event` as in the request. Errors of the file are left for the caller to find with ferror(). O(nodes). */
void layout_write_json(FILE *file, const struct layout *layout, uint64_t event);
