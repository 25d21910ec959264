/*
 * The boot options: the words of the kernel's command line (QEMU: -append), separated by blanks.
 *
 *      exec=race:100 seed=7 test
 *
 * A word is a name, or a name and a value: NAME=VALUE. Each name may be given once. A word that is not understood
 * completely is refused: it is printed with the reason, the run fails, and nothing is done with a part of it.
 */
#pragma once

#include "boot/boot_info.h"
#include "lib/vocabulary/verdict.h"

/* The room for a value, its closing zero included. */
enum { BOOT_OPTION_SIZE = 64 };

/*
 * Looks for the option `name`: "test" finds the words "test" (an empty value) and "test=frames" ("frames"). Copies the
 * value. False if there is no such word, or if its value does not fit. O(length of the command line), as all here.
 */
bool boot_option(const struct boot_info *boot, const char *name, char value[BOOT_OPTION_SIZE]);

/*
 * The same for a decimal number: "seed" finds "seed=7". False, too, if the value is not a number, or one of 2^64 and
 * more.
 */
bool boot_number(const struct boot_info *boot, const char *name, uint64_t *value);

/* The same for the number of an event on a processor: "pause" finds "pause=0:1". */
bool boot_event_number(const struct boot_info *boot, const char *name, unsigned *cpu, uint64_t *number);

/*
 * Does what the options ask for: runs a script, a program, test cases, one after the other. Prints a list of all
 * options if they ask for nothing. FAILED if anything failed, or if a word was refused.
 */
enum verdict run_boot_options(const struct boot_info *boot);
