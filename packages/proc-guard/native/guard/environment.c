#include "environment.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "../identity/cookie.h"
#include "../system/text.h"

extern char **environ;

char **environment_with_cookie(const char *entry) {
	static char variable[COOKIE_SIZE + sizeof COOKIE_NAME];
	const char *inherited = NULL;
	size_t count = 0;
	for (; environ[count] != NULL; count++) {
		if (starts_with(environ[count], COOKIE_NAME "=")) inherited = environ[count] + strlen(COOKIE_NAME "=");
	}
	cookie_variable(inherited, entry, variable);
	size_t size = (count + 2) * sizeof(char *);
	char **result = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (result == MAP_FAILED) return NULL;
	size_t at = 0;
	for (size_t i = 0; i < count; i++) {
		if (!starts_with(environ[i], COOKIE_NAME "=")) result[at++] = environ[i];
	}
	result[at++] = variable;
	result[at] = NULL;
	return result;
}
