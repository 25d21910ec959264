/*
 * The verbs of `regionviz`. Each lives in a file of its own (cmd_VERB.c), gets its own arguments (argv[0] is the verb),
 * prints its own --help and returns the exit status: 0 fine, 2 wrong usage or not possible here.
 */
#pragma once

enum { VIZ_FINE = 0, VIZ_CANNOT = 2 };

int cmd_tree(int argc, char **argv);
int cmd_film(int argc, char **argv);
int cmd_locks(int argc, char **argv);
int cmd_skyline(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_progress(int argc, char **argv);
int cmd_map(int argc, char **argv);
int cmd_html(int argc, char **argv);
int cmd_live(int argc, char **argv);
