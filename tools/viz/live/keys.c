#include "live/keys.h"
#include "draw/text.h"

#include <curses.h>
#include <string.h>

static const struct key_help table[ACTION_COUNT] = {
        { 0 },
#define X(name, keys, function_key, label, group, meaning) { keys, function_key, label, meaning, group },
        ACTIONS(X)
#undef X
};

static const struct {
        const char *name;
        int key, other;                         /* 0: none */
} named[] = {
        { "Right", KEY_RIGHT, 0 },      { "Left", KEY_LEFT, 0 },        { "Up", KEY_UP, 0 },
        { "Down", KEY_DOWN, 0 },        { "Home", KEY_HOME, 0 },        { "End", KEY_END, 0 },
        { "Space", ' ', 0 },            { "Tab", '\t', 0 },             { "BackTab", KEY_BTAB, 0 },
        { "Enter", '\r', KEY_ENTER },   { "Esc", 27, 0 },               { "ShiftLeft", KEY_SLEFT, 0 },
        { "ShiftRight", KEY_SRIGHT, 0 }, { "ShiftUp", KEY_SR, 0 },      { "ShiftDown", KEY_SF, 0 },
};

const struct key_help *key_help(enum action action)
{
        return &table[action];
}

const char *key_group_name(enum key_group group)
{
        static const char *const names[KEYS_GROUPS] = { "Time", "Looking", "Finding", "Other" };

        return names[group];
}

/* Whether a key has this name, which is `length` bytes long. */
static bool has_name(int key, const char *name, size_t length)
{
        if (length == 1)
                return key == (unsigned char)*name;
        for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
                if (strlen(named[i].name) == length && !memcmp(named[i].name, name, length))
                        return key == named[i].key || (named[i].other && key == named[i].other);
        return false;
}

enum action key_action(int key)
{
        for (enum action action = 1; action < ACTION_COUNT; action++) {
                if (table[action].function_key && key == KEY_F(table[action].function_key))
                        return action;
                for (const char *at = table[action].keys; *at; at += strspn(at, " ")) {
                        size_t length = strcspn(at, " ");

                        if (has_name(key, at, length))
                                return action;
                        at += length;
                }
        }
        return ACTION_NONE;
}

void key_names(char *out, size_t size, enum action action)
{
        out[0] = 0;
        for (const char *at = table[action].keys; *at; at += strspn(at, " ")) {
                size_t length = strcspn(at, " ");

                text_append(out, size, "%s%.*s", out[0] ? ", " : "", (int)length, at);
                at += length;
        }
        if (table[action].function_key)
                text_append(out, size, ", F%d", table[action].function_key);
}

void keys_write_table(FILE *file)
{
        for (enum key_group group = 0; group < KEYS_GROUPS; group++) {
                fprintf(file, "| %s | |\n|---|---|\n", key_group_name(group));
                for (enum action action = 1; action < ACTION_COUNT; action++) {
                        char names[64], *at;

                        if (table[action].group != group)
                                continue;
                        key_names(names, sizeof names, action);
                        fputs("| ", file);
                        for (at = names; *at; at += strspn(at, ", ")) {
                                size_t length = at[0] == ',' ? 1 : strcspn(at, ",");

                                fprintf(file, "%s`%.*s`", at == names ? "" : ", ", (int)length, at);
                                at += length;
                        }
                        fprintf(file, " | %s |\n", table[action].meaning);
                }
                fputc('\n', file);
        }
}
