#include "deadline.h"

#include <limits.h>
#include <time.h>

uint64_t now_ms(void) {
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int time_left_ms(uint64_t deadline_ms) {
	if (deadline_ms == NO_DEADLINE) return -1;
	uint64_t now = now_ms();
	if (now >= deadline_ms) return 0;
	uint64_t left = deadline_ms - now;
	return left > INT_MAX ? INT_MAX : (int)left;
}
