/* Whether a command line belongs to a program that only starts another one. Rules: PROTOCOL.md. */
#ifndef PROC_GUARD_WRAPPER_H
#define PROC_GUARD_WRAPPER_H

#include <stdbool.h>
#include <stddef.h>

/* `command_line` as in /proc/<pid>/cmdline, `length` bytes and one more that may be written. It is changed. */
bool is_wrapper(char *command_line, size_t length);

#endif
