#include "wrapper.h"

#include <string.h>

#include "../system/text.h"

/* A launcher has few arguments; of a longer command line the rest does not matter to the rules. */
#define MAXIMUM_ARGUMENTS 64

struct arguments {
	const char *values[MAXIMUM_ARGUMENTS];
	size_t count;
};

static const char *const SHELLS[] = {"sh", "bash", "dash", "ash", "zsh", "ksh", NULL};
static const char *const LAUNCHERS[] = {
	"npx",  "npm",       "pnpm",    "pnpx", "yarn",  "bunx",   "uvx",    "env",       "proc-guard", "proc-guard-native",
	"tini", "dumb-init", "timeout", "nice", "nohup", "setsid", "stdbuf", "cross-env", NULL};
static const char *const RUNTIMES[] = {"node", "nodejs", "bun", NULL};
static const char *const LAUNCHER_SCRIPT_ENDINGS[] = {"npx-cli.js", "npm-cli.js", "pnpm.cjs",    "pnpm.mjs",
                                                      "pnpm.js",    "yarn.js",    "corepack.js", "proc-guard/dist/main.js",
                                                      NULL};
static const char *const LAUNCHER_SCRIPT_NAMES[] = {"npx", "npm", "pnpm", "pnpx", "yarn", "corepack", NULL};
static const char *const PYTHON_SCRIPT_NAMES[] = {"uvx", "uv", NULL};

static bool is_one_of(const char *string, const char *const *list) {
	for (; *list != NULL; list++) {
		if (strcmp(string, *list) == 0) return true;
	}
	return false;
}

static bool ends_with_one_of(const char *string, const char *const *list) {
	for (; *list != NULL; list++) {
		if (ends_with(string, *list)) return true;
	}
	return false;
}

static void split(char *bytes, size_t length, char separator, bool keep_empty, struct arguments *arguments) {
	arguments->count = 0;
	bytes[length] = '\0';
	char *start = bytes;
	for (size_t i = 0; i <= length; i++) {
		if (i < length && bytes[i] != separator) continue;
		/* The last NUL ends the last argument; it does not start another. */
		if (i == length && start == bytes + length) break;
		bytes[i] = '\0';
		if ((keep_empty || *start != '\0') && arguments->count < MAXIMUM_ARGUMENTS) {
			arguments->values[arguments->count++] = start;
		}
		start = bytes + i + 1;
	}
}

static void parse(char *command_line, size_t length, struct arguments *arguments) {
	size_t filled = 0;
	char *only = NULL;
	split(command_line, length, '\0', true, arguments);
	for (size_t i = 0; i < length; i++) {
		if (command_line[i] == '\0' || (i > 0 && command_line[i - 1] != '\0')) continue;
		only = command_line + i;
		filled++;
	}
	/* npm writes one title over all of its arguments. */
	if (filled == 0) arguments->count = 0;
	if (filled == 1) split(only, strlen(only), ' ', false, arguments);
}

/* `sh -c`, also as `bash -eo pipefail -c`. */
static bool runs_a_command_string(const struct arguments *arguments) {
	for (size_t i = 1; i < arguments->count; i++) {
		const char *option = arguments->values[i];
		if (option[0] != '-' || option[1] == '\0' || strcmp(option, "--") == 0) return false;
		if (option[1] == '-') continue;
		if (strchr(option, 'c') != NULL) return true;
		if (strpbrk(option, "oO") != NULL) i++;
	}
	return false;
}

static const char *script_of(const struct arguments *arguments) {
	for (size_t i = 1; i < arguments->count; i++) {
		if (arguments->values[i][0] != '-') return arguments->values[i];
	}
	return NULL;
}

static bool is_launcher_script(const char *script) {
	return ends_with_one_of(script, LAUNCHER_SCRIPT_ENDINGS) || is_one_of(base_name(script), LAUNCHER_SCRIPT_NAMES) ||
	       strstr(script, "@endwell/proc-guard/") != NULL;
}

static bool is_launcher(const char *name, const struct arguments *arguments) {
	const char *first = arguments->count > 1 ? arguments->values[1] : "";
	if (is_one_of(name, SHELLS)) return runs_a_command_string(arguments);
	if (is_one_of(name, LAUNCHERS)) return true;
	if (strcmp(name, "uv") == 0) return strcmp(first, "run") == 0 || strcmp(first, "tool") == 0;
	return strcmp(name, "bun") == 0 && strcmp(first, "x") == 0;
}

static const char *name_of(const struct arguments *arguments) {
	const char *program = arguments->values[0];
	if (program[0] == '-') program++;
	return base_name(program);
}

bool is_wrapper(char *command_line, size_t length) {
	struct arguments arguments;
	parse(command_line, length, &arguments);
	if (arguments.count == 0) return false;
	if (strcmp(name_of(&arguments), "busybox") == 0) {
		arguments.count--;
		memmove(arguments.values, arguments.values + 1, arguments.count * sizeof arguments.values[0]);
		return arguments.count > 0 && is_launcher(name_of(&arguments), &arguments);
	}
	const char *name = name_of(&arguments);
	if (is_launcher(name, &arguments)) return true;
	const char *script = script_of(&arguments);
	if (script == NULL) return false;
	if (is_one_of(name, RUNTIMES)) return is_launcher_script(script);
	return starts_with(name, "python") && is_one_of(base_name(script), PYTHON_SCRIPT_NAMES);
}
