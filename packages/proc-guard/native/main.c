#include <stddef.h>
#include <string.h>

#include "guard/run.h"
#include "roles/client.h"
#include "roles/help.h"
#include "roles/replace.h"
#include "roles/signal.h"
#include "roles/watch.h"
#include "system/execute.h"
#include "system/text.h"

int main(int count, char **arguments) {
	const char *role = count > 1 ? arguments[1] : "";
	char **rest = arguments + (count > 1 ? 2 : 1);
	if (strcmp(role, "run") == 0) return run_guarded(rest);
	if (strcmp(role, "exec") == 0) return execute_tied_to_parent(rest);
	if (strcmp(role, "detach") == 0) return execute_detached(rest);
	if (asks_for_help(role) || asks_for_help(*rest)) return show_help();
	if (strcmp(role, "watch") == 0) return watch_processes();
	if (strcmp(role, "signal") == 0) return signal_processes(rest);
	if (strcmp(role, "client") == 0) return print_client(rest);
	if (strcmp(role, "--version") == 0) return show_version();
	complain("unknown role '", role, "'; see proc-guard-native --help.", NULL);
	return EXIT_USAGE;
}
