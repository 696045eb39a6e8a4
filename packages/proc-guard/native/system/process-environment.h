#ifndef PROC_GUARD_PROCESS_ENVIRONMENT_H
#define PROC_GUARD_PROCESS_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * The value of one variable of another process, cut to fit. False where it has none or we may not look. Reads in
 * pieces: an environment may be megabytes.
 */
bool read_process_variable(pid_t pid, const char *name, char *value, size_t size);

#endif
