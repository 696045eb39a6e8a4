#ifndef PROC_GUARD_SINGLE_INSTANCE_H
#define PROC_GUARD_SINGLE_INSTANCE_H

/*
 * Takes a name that the kernel gives back when we end, however we end. Returns a descriptor that holds it, or -1
 * with errno (EADDRINUSE: somebody else has it).
 */
int take_instance_name(const char *name);

#endif
