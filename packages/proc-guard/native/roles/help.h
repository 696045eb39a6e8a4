#ifndef PROC_GUARD_HELP_H
#define PROC_GUARD_HELP_H

#include <stdbool.h>

bool asks_for_help(const char *argument);
/* Each writes to stdout and returns the exit code. */
int show_help(void);
int show_run_help(void);
int show_exec_help(void);
int show_detach_help(void);
int show_version(void);

#endif
