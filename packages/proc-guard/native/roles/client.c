#include "client.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "../identity/client.h"
#include "../system/execute.h"
#include "../system/text.h"

static void print_ancestor(const char *what, const struct ancestor *ancestor) {
	char identity[IDENTITY_TEXT_SIZE];
	identity_format(&ancestor->identity, identity);
	(void)write_text(STDOUT_FILENO, what, " ", identity, "\n", NULL);
}

int print_client(char **arguments) {
	static struct client_path path;
	uint64_t pid = (uint64_t)getpid();
	if (arguments[0] != NULL) {
		bool right = strcmp(arguments[0], "--pid") == 0 && arguments[1] != NULL && arguments[2] == NULL;
		if (!right || !parse_whole_number(arguments[1], INT32_MAX, &pid) || pid == 0) {
			complain("client takes only --pid PID.", NULL);
			return EXIT_USAGE;
		}
	}
	enum client_search found = find_client((pid_t)pid, NULL, &path);
	if (found == CLIENT_DIED) complain("a process on the way to the client has ended.", NULL);
	if (found == CLIENT_UNSUPPORTED) complain("the kernel cannot watch processes here.", NULL);
	if (found == CLIENT_NONE) (void)write_text(STDOUT_FILENO, "none\n", NULL);
	if (found != CLIENT_FOUND) return 1;
	print_ancestor("client", &path.ancestors[path.count - 1]);
	for (size_t i = 0; i + 1 < path.count; i++) print_ancestor("wrapper", &path.ancestors[i]);
	return 0;
}
