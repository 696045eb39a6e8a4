#include "options.h"

#include <stddef.h>
#include <string.h>

#include "../roles/help.h"
#include "../system/text.h"

#define MAXIMUM_INSTANCE_NAME 64

static const char *const CONTAINMENT_NAMES[] = {"tree", "namespace", "cgroup", "auto"};

const char *containment_name(enum containment containment) {
	return CONTAINMENT_NAMES[containment];
}

static bool set_grace(const char *value, struct run_options *options) {
	if (parse_whole_number(value, MAXIMUM_GRACE_MS, &options->grace_ms)) return true;
	complain("--grace-ms takes a whole number from 0 to 86400000, not '", value, "'.", NULL);
	return false;
}

static bool set_containment(const char *value, struct run_options *options) {
	for (int i = CONTAIN_TREE; i <= CONTAIN_AUTO; i++) {
		if (strcmp(value, CONTAINMENT_NAMES[i]) != 0) continue;
		options->containment = (enum containment)i;
		return true;
	}
	complain("--contain takes tree, namespace, cgroup or auto, not '", value, "'.", NULL);
	return false;
}

static bool set_single_instance(const char *value, struct run_options *options) {
	static const char ALLOWED[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t length = strlen(value);
	options->single_instance = value;
	if (length > 0 && length <= MAXIMUM_INSTANCE_NAME && strspn(value, ALLOWED) == length) return true;
	complain("--single-instance takes a name of 1 to 64 letters, digits, '.', '_' or '-'.", NULL);
	return false;
}

static bool set_client(const char *value, struct run_options *options) {
	const char *rest = identity_parse(value, &options->client);
	options->has_client = true;
	if (rest != NULL && *rest == '\0') return true;
	complain("--client takes an identity <bootId>:<pidNamespace>:<pid>:<startTime>, not '", value, "'.", NULL);
	return false;
}

static bool set_parent(const char *value, struct run_options *options) {
	uint64_t pid = 0;
	if (!parse_whole_number(value, INT32_MAX, &pid) || pid == 0) {
		complain("--parent takes a pid, not '", value, "'.", NULL);
		return false;
	}
	options->parent = (pid_t)pid;
	return true;
}

static const struct {
	const char *name;
	bool (*set)(const char *value, struct run_options *options);
} FLAGS_WITH_VALUE[] = {{"--grace-ms", set_grace},
                        {"--contain", set_containment},
                        {"--single-instance", set_single_instance},
                        {"--client", set_client},
                        {"--parent", set_parent}};

/* Takes one flag with its value and moves on, or complains. */
static bool parse_flag_with_value(char ***arguments, struct run_options *options) {
	const char *flag = **arguments;
	for (size_t i = 0; i < sizeof FLAGS_WITH_VALUE / sizeof FLAGS_WITH_VALUE[0]; i++) {
		const char *name = FLAGS_WITH_VALUE[i].name;
		size_t length = strlen(name);
		if (!starts_with(flag, name) || (flag[length] != '\0' && flag[length] != '=')) continue;
		const char *value = flag[length] == '=' ? flag + length + 1 : *++*arguments;
		if (value == NULL) {
			complain(name, " needs a value.", NULL);
			return false;
		}
		++*arguments;
		return FLAGS_WITH_VALUE[i].set(value, options);
	}
	complain("unknown flag '", flag, "'; see proc-guard run --help.", NULL);
	return false;
}

bool parse_run_options(char **arguments, struct run_options *options) {
	*options = (struct run_options){.grace_ms = 700, .containment = CONTAIN_TREE};
	while (*arguments != NULL && (*arguments)[0] == '-') {
		if (strcmp(*arguments, "--") == 0) {
			arguments++;
			break;
		}
		if (asks_for_help(*arguments)) {
			options->help = true;
			return true;
		}
		if (strcmp(*arguments, "--report") == 0) {
			options->report = true;
			arguments++;
		} else if (!parse_flag_with_value(&arguments, options)) {
			return false;
		}
	}
	options->command = arguments;
	if (*arguments != NULL) return true;
	complain("run needs a command; see proc-guard run --help.", NULL);
	return false;
}
