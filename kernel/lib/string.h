/*
 * Bytes and strings, as in the standard C library. The compiler generates calls of the first four. The host build uses
 * the functions of the C library instead. Every call is O(bytes), but strstr() O(bytes of the string * of the part).
 */
#pragma once

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

size_t strlen(const char *string);
size_t strnlen(const char *string, size_t most);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t most);
char *strchr(const char *string, int byte);
char *strstr(const char *string, const char *part);
