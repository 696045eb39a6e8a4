#include "help.h"

#include <stddef.h>
#include <unistd.h>

#include "../system/text.h"

static int show(const char *text) {
	return write_text(STDOUT_FILENO, text, NULL) ? 0 : 1;
}

int show_version(void) {
	return show("proc-guard-native " PROC_GUARD_VERSION "\n");
}

int show_help(void) {
	return show("proc-guard-native: process trees that never outlive their owner\n"
	            "\n"
	            "  run [flags] -- command…     run a command; its whole tree ends with us\n"
	            "  exec -- command…            run a command in our place; the kernel kills it with our parent\n"
	            "  detach -- command…          run a command that is meant to outlive us\n"
	            "  watch                       read `add <identity>` lines, write `dead <identity>` lines\n"
	            "  signal SIGNAL IDENTITY…     signal these very processes, never another one with their pid\n"
	            "  client [--pid PID]          print who started us for real\n"
	            "  --version, --help\n"
	            "\n"
	            "Examples:\n"
	            "  proc-guard-native run -- node server.js\n"
	            "  proc-guard-native run --grace-ms 2000 --contain auto -- npm run dev\n"
	            "  proc-guard-native detach -- postgres -D data\n");
}

int show_run_help(void) {
	return show("proc-guard run [flags] [--] command [arguments…]\n"
	            "\n"
	            "Runs the command. When it ends, or when whoever started us dies in any way, everything that\n"
	            "descends from it is ended: TERM, then KILL.\n"
	            "\n"
	            "  --grace-ms N              milliseconds between TERM and KILL, 0: KILL at once (default 700)\n"
	            "  --contain WHAT            tree: what descends from the command (default)\n"
	            "                            namespace: a pid namespace; the kernel ends it even if we are killed\n"
	            "                            cgroup: a delegated control group (v2), likewise\n"
	            "                            auto: cgroup where delegated, else tree\n"
	            "  --single-instance NAME    refuse to start while another one of that name runs\n"
	            "  --client IDENTITY         end with this process instead of the one that started us\n"
	            "  --parent PID              start nothing unless this is our parent\n"
	            "  --report                  say on stderr which containment was chosen\n"
	            "\n"
	            "Examples:\n"
	            "  proc-guard run -- npx -y some-mcp-server\n"
	            "  proc-guard run --grace-ms 0 -- ./worker --port 8080\n"
	            "  proc-guard run --contain namespace -- make test\n"
	            "  proc-guard run --single-instance indexer -- python3 indexer.py\n"
	            "\n"
	            "Exit codes: the command's own (a signal as that signal); 2 wrong flag, 75 the name is taken,\n"
	            "125 it cannot be guarded here, 126 cannot be executed, 127 command not found.\n");
}
