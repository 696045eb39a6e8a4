/* `signal`: to processes that cannot be mistaken for others. */
#ifndef PROC_GUARD_SIGNAL_H
#define PROC_GUARD_SIGNAL_H

int signal_processes(char **arguments);

#endif
