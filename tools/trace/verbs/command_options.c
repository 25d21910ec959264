#include "verbs/command_options.h"
#include "verbs/command.h"

#include <assert.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>

enum { HELP = 'h', NO_LETTER = UCHAR_MAX + 1 };

/* The table in getopt's two forms. An option without a letter has a value behind those of all letters. */
struct forms {
        struct option words[COMMAND_OPTIONS_MOST + 2];
        char letters[2 * COMMAND_OPTIONS_MOST + sizeof "h"];
};

static int value_of(const struct command_option *options, int place)
{
        return options[place].letter ? options[place].letter : NO_LETTER + place;
}

static void add_option(struct forms *forms, int place, char **letters, struct option word)
{
        forms->words[place] = word;
        if (word.val >= NO_LETTER)
                return;
        *(*letters)++ = (char)word.val;
        if (word.has_arg)
                *(*letters)++ = ':';
}

static struct forms forms_of(const struct command_option *options)
{
        struct forms forms = { 0 };
        char *letters = forms.letters;
        int count = 0;

        for (; options[count].name; count++) {
                assert(count < COMMAND_OPTIONS_MOST);
                add_option(&forms, count, &letters, (struct option){
                        .name = options[count].name,
                        .has_arg = options[count].flag ? no_argument : required_argument,
                        .val = value_of(options, count),
                });
        }
        add_option(&forms, count, &letters, (struct option){ .name = "help", .val = HELP });
        return forms;
}

/* The option that getopt has found. */
static const struct command_option *find_option(const struct command_option *options, int value)
{
        int place = 0;

        while (value_of(options, place) != value)
                place++;
        return &options[place];
}

static bool take_value(const char *verb, const struct command_option *option)
{
        if (option->is_given)
                *option->is_given = true;
        if (option->flag)
                *option->flag = true;
        if (option->text)
                *option->text = optarg;
        return !option->number || command_number(verb, option->name, optarg, option->number);
}

bool command_options(const char *verb, int argc, char **argv, const char *help, const struct command_option *options,
                     int *status)
{
        const struct forms forms = forms_of(options);
        int value;

        *status = EXIT_CANNOT;
        while ((value = getopt_long(argc, argv, forms.letters, forms.words, NULL)) != -1) {
                if (value == HELP) {
                        *status = command_help(verb, help);
                        return false;
                }
                if (value == '?') {
                        command_usage(verb);
                        return false;
                }
                if (!take_value(verb, find_option(options, value)))
                        return false;
        }
        return true;
}
