#include "single-instance.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../system/descriptors.h"
#include "../system/text.h"

int take_instance_name(const char *name) {
	/* An abstract address: no file, so nothing stays behind after a crash. */
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct text text = text_into(address.sun_path + 1, sizeof address.sun_path - 1);
	text_add(&text, "endwell-proc-guard/");
	text_add_number(&text, geteuid());
	text_add(&text, "/");
	text_add(&text, name);
	int fd = above_standard(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	if (fd < 0) return -1;
	socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + text.length);
	if (bind(fd, (const struct sockaddr *)&address, length) == 0) return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}
