/*
 * The shell's own part: words, what a line means, editing a line.
 */
#include "lib/printf.h"
#include "user/lib/command.h"
#include "user/lib/line_editor.h"
#include "user/lib/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* --- a terminal ------------------------------------------------------------------------------------------- */

enum { COLUMNS = 60 };

/* The line that the cursor is in, as a terminal would show it. */
static char screen[COLUMNS + 1];
static size_t column;
static int bells;

static void clear_screen(void)
{
        memset(screen, ' ', COLUMNS);
        column = 0;
}

/* Understands what the editor uses: the bell, carriage return, "clear to the end", "n to the left". */
void console_write(const char *text, size_t length)
{
        for (size_t i = 0; i < length; i++) {
                if (text[i] == '\a') {
                        bells++;
                } else if (text[i] == '\r') {
                        column = 0;
                } else if (text[i] == '\n') {
                        clear_screen();
                } else if (text[i] == '\033') {
                        int count = 0, taken = 0;

                        if (length - i >= 3 && !memcmp(text + i, "\033[K", 3)) {
                                memset(screen + column, ' ', COLUMNS - column);
                                i += 2;
                                continue;
                        }
                        assert_int_equal(sscanf(text + i, "\033[%dD%n", &count, &taken), 1);
                        assert_true(taken > 0 && (size_t)count <= column);
                        column -= (size_t)count;
                        i += (size_t)taken - 1;
                } else {
                        assert_in_range(text[i], ' ', '~');
                        assert_true(column < COLUMNS);
                        screen[column++] = text[i];
                }
        }
}

static void shows(const char *line, size_t cursor)
{
        char seen[COLUMNS + 1];
        size_t length = COLUMNS;

        while (length && screen[length - 1] == ' ')
                length--;
        snprintf(seen, sizeof seen, "%.*s", (int)length, screen);
        assert_string_equal(seen, line);
        assert_int_equal(column, cursor);
}

static struct line_editor editor;

static enum line_key type(const char *keys)
{
        enum line_key key = LINE_GOES_ON;

        while (*keys)
                key = line_take(&editor, *keys++);
        return key;
}

static void enter(const char *keys)
{
        line_begin(&editor, "$ ");
        type(keys);
        assert_int_equal(type("\r"), LINE_ENTERED);
}

static int begin([[maybe_unused]] void **state)
{
        editor = (struct line_editor){ 0 };
        clear_screen();
        line_begin(&editor, "$ ");
        return 0;
}

/* --- editing ---------------------------------------------------------------------------------------------- */

#define UP "\033[A"
#define DOWN "\033[B"
#define RIGHT_KEY "\033[C"
#define LEFT_KEY "\033[D"
#define HOME "\033[H"
#define END_KEY "\033[4~"
#define DELETE_KEY "\033[3~"

static void what_is_typed_is_shown_and_entered([[maybe_unused]] void **state)
{
        type("maps");
        shows("$ maps", 6);
        assert_int_equal(type("\r"), LINE_ENTERED);
        assert_string_equal(editor.text, "maps");
}

static void text_goes_where_the_cursor_is([[maybe_unused]] void **state)
{
        type("mps" LEFT_KEY LEFT_KEY "a");
        shows("$ maps", 4);
        type(HOME "!" END_KEY "?" HOME RIGHT_KEY RIGHT_KEY "-");
        shows("$ !m-aps?", 5);
        type("\001(\005)");
        shows("$ (!m-aps?)", 11);
        assert_string_equal(editor.text, "(!m-aps?)");
}

static void the_cursor_stays_inside_the_line([[maybe_unused]] void **state)
{
        type(LEFT_KEY RIGHT_KEY "a" RIGHT_KEY RIGHT_KEY "b" LEFT_KEY LEFT_KEY LEFT_KEY LEFT_KEY "c");
        shows("$ cab", 3);
}

static void characters_and_parts_can_be_deleted([[maybe_unused]] void **state)
{
        type("\177\010" DELETE_KEY "abcdef\177");
        shows("$ abcde", 7);
        type(HOME DELETE_KEY RIGHT_KEY "\010");
        shows("$ cde", 2);
        type(DELETE_KEY DELETE_KEY DELETE_KEY DELETE_KEY "0123456789" LEFT_KEY LEFT_KEY LEFT_KEY "\025");
        shows("$ 789", 2);
        type(RIGHT_KEY "\013");
        shows("$ 7", 3);
        assert_string_equal(editor.text, "7");
}

static void a_line_takes_as_much_as_it_has_room_for_and_then_rings([[maybe_unused]] void **state)
{
        bells = 0;
        for (int i = 0; i < LINE_SIZE - 1; i++)
                type("x");
        assert_int_equal(bells, 0);
        for (int i = 0; i < LINE_SIZE; i++)
                type("x");
        assert_int_equal(bells, LINE_SIZE);
        assert_int_equal(editor.length, LINE_SIZE - 1);
        assert_int_equal(strlen(editor.text), LINE_SIZE - 1);
        type("\177y");
        assert_int_equal(bells, LINE_SIZE);
        assert_int_equal(editor.length, LINE_SIZE - 1);
        assert_int_equal(editor.text[LINE_SIZE - 2], 'y');
}

static void a_long_line_is_shown_around_the_cursor([[maybe_unused]] void **state)
{
        char expected[COLUMNS + 1];

        for (int i = 0; i < 100; i++)
                type((char[]){ (char)('0' + i % 10), 0 });
        snprintf(expected, sizeof expected, "$ %.56s", editor.text + 44);
        shows(expected, 58);
        type(HOME);
        snprintf(expected, sizeof expected, "$ %.56s", editor.text);
        shows(expected, 2);
}

static void what_is_no_key_does_nothing([[maybe_unused]] void **state)
{
        type("ab\033[5~\033[Z\033x\033[1;5D\033[15~\016\020\030\377c");
        shows("$ abc", 5);
        assert_string_equal(editor.text, "abc");
}

static void ctrl_c_drops_the_line_and_ctrl_d_ends_an_empty_one([[maybe_unused]] void **state)
{
        assert_int_equal(type("abc\003"), LINE_DROPPED);
        line_begin(&editor, "$ ");
        assert_int_equal(type("ab" HOME "\004"), LINE_GOES_ON);
        shows("$ b", 2);
        assert_int_equal(type("\004\004"), LINE_ENDED);
        assert_int_equal(editor.kept_count, 0);
}

/* --- lines entered before --------------------------------------------------------------------------------- */

static void up_and_down_go_through_the_lines_before([[maybe_unused]] void **state)
{
        enter("one");
        enter("two");
        enter("two");
        enter("");
        line_begin(&editor, "$ ");
        type("new" UP);
        shows("$ two", 5);
        type(UP);
        shows("$ one", 5);
        type(UP UP);
        shows("$ one", 5);
        type(DOWN DOWN);
        shows("$ new", 5);
        type(DOWN);
        shows("$ new", 5);
}

static void a_line_of_before_can_be_changed_and_stays_as_it_was([[maybe_unused]] void **state)
{
        enter("one");
        line_begin(&editor, "$ ");
        type(UP "s\r");
        assert_string_equal(editor.text, "ones");
        line_begin(&editor, "$ ");
        type(UP UP);
        shows("$ one", 5);
}

static void the_oldest_lines_are_forgotten([[maybe_unused]] void **state)
{
        char line[16];

        for (int i = 0; i < 3 * LINES_KEPT + 5; i++) {
                snprintf(line, sizeof line, "line%d", i);
                enter(line);
        }
        line_begin(&editor, "$ ");
        for (int i = 0; i < 2 * LINES_KEPT; i++)
                type(UP);
        snprintf(line, sizeof line, "$ line%d", 2 * LINES_KEPT + 5);
        shows(line, strlen(line));
}

/* --- commands --------------------------------------------------------------------------------------------- */

/* The pipelines of a line, written so: "maps|find[stack] churn&", or the problem. */
static const char *meaning(const char *line)
{
        static char text[512];
        char copy[256], *rest = copy;
        struct pipeline pipeline;
        const char *problem;
        size_t length = 0;

        text[0] = 0;
        snprintf(copy, sizeof copy, "%s", line);
        while (pipeline_next(&rest, &pipeline, &problem)) {
                length += (size_t)sprintf(text + length, "%s", length ? " " : "");
                for (size_t i = 0; i < pipeline.count; i++) {
                        length += (size_t)sprintf(text + length, "%s%s", i ? "|" : "", pipeline.command[i].name);
                        if (*pipeline.command[i].argument)
                                length += (size_t)sprintf(text + length, "[%s]", pipeline.command[i].argument);
                }
                length += (size_t)sprintf(text + length, "%s", pipeline.in_background ? "&" : "");
        }
        if (problem)
                sprintf(text + length, "!%s", problem);
        return text;
}

static void a_line_is_cut_into_pipelines([[maybe_unused]] void **state)
{
        assert_string_equal(meaning("maps"), "maps");
        assert_string_equal(meaning("  maps   7  "), "maps[7]");
        assert_string_equal(meaning("maps|find  stack |count"), "maps|find[stack]|count");
        assert_string_equal(meaning("a; b ;c;"), "a b c");
        assert_string_equal(meaning("a & b&c 1 | d &"), "a& b& c[1]|d&");
        assert_string_equal(meaning(""), "");
        assert_string_equal(meaning(" ;; "), "");
}

static void quotes_and_comments_are_left_alone([[maybe_unused]] void **state)
{
        assert_string_equal(meaning("echo \"a | b; c & d # e\" '\"'|f"), "echo[\"a | b; c & d # e\" '\"']|f");
        assert_string_equal(meaning("a b#c # d | e"), "a[b#c]");
        assert_string_equal(meaning("# a"), "");
        assert_string_equal(meaning("a; # b"), "a");
}

static void a_line_that_makes_no_sense_says_why([[maybe_unused]] void **state)
{
        assert_string_equal(meaning("a | | b"), "!a command is missing");
        assert_string_equal(meaning("| a"), "!a command is missing");
        assert_string_equal(meaning("a |"), "!a command is missing");
        assert_string_equal(meaning("a; &"), "a!a command is missing");
        assert_string_equal(meaning("echo 'a"), "!a quote is not closed");
        assert_string_equal(meaning("1|2|3|4|5|6|7|8"), "1|2|3|4|5|6|7|8");
        assert_string_equal(meaning("1|2|3|4|5|6|7|8|9"), "!too many commands in a row");
}

/* --- words ------------------------------------------------------------------------------------------------ */

static void words_are_separated_by_spaces_and_kept_together_by_quotes([[maybe_unused]] void **state)
{
        struct words words;

        words_read(&words, "  one \"two 'words'\"  a'b c'd '' ");
        assert_int_equal(words.count, 4);
        assert_string_equal(word(&words, 0), "one");
        assert_string_equal(word(&words, 1), "two 'words'");
        assert_string_equal(word(&words, 2), "ab cd");
        assert_string_equal(word(&words, 3), "");
        assert_string_equal(word(&words, 4), "");
        words_read(&words, "");
        assert_int_equal(words.count, 0);
}

static void too_many_and_too_long_words_are_left_out([[maybe_unused]] void **state)
{
        char text[2 * WORDS_TEXT_SIZE];
        struct words words;

        for (size_t i = 0; i < sizeof text; i++)
                text[i] = i % 2 ? ' ' : 'x';
        text[sizeof text - 1] = 0;
        assert_false(words_read(&words, text));
        assert_int_equal(words.count, WORDS_MOST);
        memset(text, 'x', sizeof text - 1);
        assert_false(words_read(&words, text));
        assert_int_equal(words.count, 1);
        assert_int_equal(strlen(word(&words, 0)), WORDS_TEXT_SIZE - 1);
}

static void a_number_is_decimal_and_fits([[maybe_unused]] void **state)
{
        uint64_t number;

        assert_true(parse_number("18446744073709551615", &number) && number == UINT64_MAX);
        assert_false(parse_number("18446744073709551616", &number));
        assert_false(parse_number("", &number));
        assert_false(parse_number("-1", &number));
        assert_false(parse_number("12a", &number));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(what_is_typed_is_shown_and_entered, begin),
                cmocka_unit_test_setup(text_goes_where_the_cursor_is, begin),
                cmocka_unit_test_setup(the_cursor_stays_inside_the_line, begin),
                cmocka_unit_test_setup(characters_and_parts_can_be_deleted, begin),
                cmocka_unit_test_setup(a_line_takes_as_much_as_it_has_room_for_and_then_rings, begin),
                cmocka_unit_test_setup(a_long_line_is_shown_around_the_cursor, begin),
                cmocka_unit_test_setup(what_is_no_key_does_nothing, begin),
                cmocka_unit_test_setup(ctrl_c_drops_the_line_and_ctrl_d_ends_an_empty_one, begin),
                cmocka_unit_test_setup(up_and_down_go_through_the_lines_before, begin),
                cmocka_unit_test_setup(a_line_of_before_can_be_changed_and_stays_as_it_was, begin),
                cmocka_unit_test_setup(the_oldest_lines_are_forgotten, begin),
                cmocka_unit_test(a_line_is_cut_into_pipelines),
                cmocka_unit_test(quotes_and_comments_are_left_alone),
                cmocka_unit_test(a_line_that_makes_no_sense_says_why),
                cmocka_unit_test(words_are_separated_by_spaces_and_kept_together_by_quotes),
                cmocka_unit_test(too_many_and_too_long_words_are_left_out),
                cmocka_unit_test(a_number_is_decimal_and_fits),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
