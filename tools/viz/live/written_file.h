/*
 * A file that another process writes at the moment: whether there is such a process, and a descriptor to wait for what it
 * writes.
 *
 *      while (file_is_written(path)) {
 *              poll(file_watch_descriptor(watch)) ...
 *              file_watch_forget(watch);
 *              ... read what is there now ...
 *      }
 *      ... read the rest: nothing comes after it ...
 */
#pragma once

#include <stdbool.h>

/*
 * Whether any process has the file open for writing. Where the system does not say (not our file, a file system of
 * another machine): whether it was written to within the last minute.
 */
bool file_is_written(const char *path);

/* A descriptor that becomes readable when something is written to the file or it is closed; -1 if there can be none. */
int file_watch(const char *path);

/* Reads what has come on such a descriptor, so that it becomes readable only by further changes. */
void file_watch_forget(int watch);
