#ifndef PROC_GUARD_DEADLINE_H
#define PROC_GUARD_DEADLINE_H

#include <stdint.h>

#define NO_DEADLINE UINT64_MAX

/* Milliseconds on a clock that only goes forward. */
uint64_t now_ms(void);
/* For poll(): -1 without a deadline, else what is left of it. */
int time_left_ms(uint64_t deadline_ms);

#endif
