#ifndef PROC_GUARD_DESCRIPTORS_H
#define PROC_GUARD_DESCRIPTORS_H

#include <stddef.h>

/* Moves a descriptor above the standard ones, where those were closed when we started. -1 stays -1. */
int above_standard(int fd);
/* Closes every descriptor that is not in `keep` (which it sorts; -1 entries are allowed). */
void close_all_except(int *keep, size_t count);

#endif
