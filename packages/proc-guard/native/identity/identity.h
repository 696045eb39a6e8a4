/* A process that cannot be mistaken for another: boot, pid namespace, pid and start time. */
#ifndef PROC_GUARD_IDENTITY_H
#define PROC_GUARD_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define BOOT_ID_LENGTH 36
/* uuid, three numbers, three colons and NUL fit. */
#define IDENTITY_TEXT_SIZE 104

struct identity {
	char boot_id[BOOT_ID_LENGTH + 1];
	uint64_t pid_namespace;
	pid_t pid;
	uint64_t start_time;
};

enum liveness { LIVENESS_ALIVE, LIVENESS_DEAD, LIVENESS_UNKNOWN };

/* False where /proc does not tell. */
bool identity_of(pid_t pid, struct identity *identity);
bool identity_equal(const struct identity *one, const struct identity *other);
void identity_format(const struct identity *identity, char text[IDENTITY_TEXT_SIZE]);
/* Returns what follows, or NULL where the text is no identity. */
const char *identity_parse(const char *text, struct identity *identity);
/* Sets *pidfd (close-on-exec) when alive. The identity is checked after it is open, so it is that process. */
enum liveness identity_open(const struct identity *identity, int *pidfd);

#endif
