/*
 * Numbers as people read them. Each call returns a string that stays valid for the next fifteen calls, so several
 * fit into one printf.
 */
#pragma once

#include <stdint.h>
#include "lib/vocabulary.h"

/* "40,312" */
const char *format_count(uint64_t count);
/* "16 KiB", "1.5 MiB" if that is exact, else "4,100 bytes" */
const char *format_bytes(uint64_t bytes);
/* "86.0 TiB": to one decimal, for people who want to know how large, not how many */
const char *format_about(uint64_t bytes);
/* "16 KiB": so many pages of 4,096 bytes, however many that is */
const char *format_pages(uint64_t pages);
/* "0x29000" */
const char *format_address(uint64_t address);
/* "rw-"; "rw-?" with a bit that means nothing to this build */
const char *format_protection(uint64_t protection);
/* "1 event", "14 events" */
const char *format_counted(uint64_t count, const char *noun);
/* "region 12" */
const char *format_numbered(const char *noun, uint64_t number);
