#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kernel.h"

int above_standard(int fd) {
	if (fd < 0 || fd > STDERR_FILENO) return fd;
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return moved;
}

static void close_from_to(unsigned first, unsigned last) {
	if (kernel_close_range(first, last) == 0) return;
	/* Before Linux 5.9. */
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 1048576) limit.rlim_cur = 1048576;
	if (last >= limit.rlim_cur) last = (unsigned)limit.rlim_cur;
	for (unsigned fd = first; fd <= last; fd++) close((int)fd);
}

void close_all_except(int *keep, size_t count) {
	for (size_t i = 1; i < count; i++) {
		int fd = keep[i];
		size_t at = i;
		for (; at > 0 && keep[at - 1] > fd; at--) keep[at] = keep[at - 1];
		keep[at] = fd;
	}
	unsigned next = 0;
	for (size_t i = 0; i < count; i++) {
		if (keep[i] < 0) continue;
		unsigned fd = (unsigned)keep[i];
		if (fd > next) close_from_to(next, fd - 1);
		next = fd + 1;
	}
	close_from_to(next, ~0U);
}
