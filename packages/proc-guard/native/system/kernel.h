/* System calls that older C libraries do not wrap. */
#ifndef PROC_GUARD_KERNEL_H
#define PROC_GUARD_KERNEL_H

#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* The kernel sets close-on-exec on every pidfd. */
static inline int kernel_pidfd_open(pid_t pid) {
	return (int)syscall(SYS_pidfd_open, pid, 0U);
}

static inline int kernel_pidfd_send_signal(int pidfd, int signal) {
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0U);
}

static inline int kernel_close_range(unsigned first, unsigned last) {
	return (int)syscall(SYS_close_range, first, last, 0U);
}

static inline long kernel_getdents64(int fd, void *buffer, size_t size) {
	return syscall(SYS_getdents64, fd, buffer, size);
}

#endif
