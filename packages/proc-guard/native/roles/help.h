#ifndef PROC_GUARD_HELP_H
#define PROC_GUARD_HELP_H

/* Each writes to stdout and returns the exit code. */
int show_help(void);
int show_run_help(void);
int show_version(void);

#endif
