/*
 * What everything in the viewer looks like: a role for each kind of thing, and for each role its colours in a terminal of
 * 256, 16, 8 or no colours. No meaning is carried by colour alone: a node also has a letter and a shape, the path numbers.
 */
#pragma once

/*
 *      ink             256 colours     16 or 8 colours         bold, dim, reverse, italic, underlined;  without colours
 *                      ink     ground  ink     ground          with colours
 */
#define INKS(X)                                                                                                     \
        X(PLAIN,        -1,     -1,     -1,     -1,             "",                                      "")        \
        X(PALE,         245,    -1,     -1,     -1,             "d",                                     "d")       \
        X(STRONG,       -1,     -1,     -1,     -1,             "b",                                     "b")       \
        X(TITLE,        255,    24,     7,      4,              "b",                                     "br")      \
        X(TITLE_PLAIN,  252,    24,     7,      4,              "",                                      "r")       \
        X(PRESENT,      16,     114,    0,      2,              "b",                                     "br")      \
        X(PAST,         16,     179,    0,      3,              "b",                                     "br")      \
        X(KEY,          -1,     -1,     -1,     -1,             "b",                                     "b")       \
        X(KEY_WORD,     16,     37,     0,      6,              "",                                      "r")       \
        X(FRAME,        242,    -1,     -1,     -1,             "",                                      "")        \
        X(FRAME_FOCUS,  37,     -1,     6,      -1,             "b",                                     "b")       \
        X(HEADING,      37,     -1,     6,      -1,             "b",                                     "b")       \
        X(BLACK_NODE,   -1,     -1,     -1,     -1,             "b",                                     "b")       \
        X(RED_NODE,     167,    -1,     1,      -1,             "b",                                     "")        \
        X(PALE_BLACK,   245,    -1,     -1,     -1,             "d",                                     "d")       \
        X(PALE_RED,     131,    -1,     1,      -1,             "d",                                     "d")       \
        X(EDGE,         243,    -1,     -1,     -1,             "",                                      "")        \
        X(PATH,         178,    -1,     3,      -1,             "b",                                     "b")       \
        X(WHY,          178,    -1,     3,      -1,             "i",                                     "")        \
        X(SKIPPED,      245,    -1,     -1,     -1,             "id",                                    "d")       \
        X(HERE,         16,     178,    0,      3,              "b",                                     "br")      \
        X(SELECTED,     16,     80,     0,      6,              "b",                                     "r")       \
        X(REFUSED,      203,    -1,     1,      -1,             "b",                                     "bu")      \
        X(REGION,       255,    60,     7,      4,              "",                                      "r")       \
        X(REGION_OTHER, 255,    66,     0,      7,              "",                                      "ru")      \
        X(HOLE,         244,    -1,     -1,     -1,             "",                                      "")        \
        X(GUARD,        137,    -1,     3,      -1,             "",                                      "d")       \
        X(TAKEN,        16,     178,    0,      3,              "b",                                     "bu")      \
        X(MARK,         178,    -1,     3,      -1,             "b",                                     "b")       \
        X(CURRENT,      16,     178,    0,      3,              "b",                                     "r")       \
        X(NUMBER,       110,    -1,     6,      -1,             "",                                      "")        \
        X(GOOD,         71,     -1,     2,      -1,             "b",                                     "b")       \
        X(SPARK,        74,     -1,     6,      -1,             "",                                      "")

enum ink {
#define X(name, ...) INK_##name,
        INKS(X)
#undef X
        INK_COUNT
};

/* After curses has started: allots the colours that the terminal has. NO_COLOUR: as if it had none. */
enum colour_choice { COLOUR_AS_TERMINAL, NO_COLOUR };
void palette_start(enum colour_choice choice);
/* What curses calls attributes and a colour pair. */
unsigned long palette_attributes(enum ink ink);
short palette_pair(enum ink ink);
