/*
 * The words that events are told in, all of them. Each list is written once, in the header of its topic; the kernel's
 * enums, the names in the stream's header and the host's decoder all come from it. A word's number is its place in the
 * list.
 *
 * What needs the words of one topic includes that topic's header: then a new word rebuilds few files.
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/address_space.h"
#include "lib/vocabulary/collection.h"
#include "lib/vocabulary/lock.h"
#include "lib/vocabulary/protection.h"
#include "lib/vocabulary/purpose.h"
#include "lib/vocabulary/rbtree.h"
#include "lib/vocabulary/region_tree.h"
#include "lib/vocabulary/system_call.h"
#include "lib/vocabulary/verdict.h"
