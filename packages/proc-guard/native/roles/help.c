#include "help.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "../system/text.h"

static int show(const char *text) {
	return write_text(STDOUT_FILENO, text, NULL) ? 0 : 1;
}

bool asks_for_help(const char *argument) {
	return argument != NULL && (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0);
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
	return show("Usage: proc-guard run [flags] [--] command [arguments…]\n"
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

int show_exec_help(void) {
	return show("Usage: proc-guard exec [--parent PID] [--] command [arguments…]\n"
	            "\n"
	            "Sets the kernel's parent-death signal and becomes the command. ONLY this one process ends with its\n"
	            "starter: what it starts is NOT guarded. Use run for a tree.\n"
	            "\n"
	            "  --parent PID   start nothing unless this is our parent\n"
	            "\n"
	            "Examples:\n"
	            "  proc-guard exec -- node server.js\n"
	            "\n"
	            "Exit codes: the command's own; 2 wrong flag, 125 the parent has ended already, 126 cannot be\n"
	            "executed, 127 command not found.\n");
}

int show_detach_help(void) {
	return show("Usage: proc-guard detach [--] command [arguments…]\n"
	            "\n"
	            "Starts what is meant to outlive its starter: in a session of its own and without the guard's\n"
	            "cookie, so that no guard ends it and reap never touches it. (The containments namespace and\n"
	            "cgroup end it all the same: the kernel makes no exceptions.)\n"
	            "\n"
	            "It becomes the command, as setsid does. Typed into a shell it returns at once; in a script it\n"
	            "returns when the command ends, so put an & behind it there. Stdio stays as it is: send it to a\n"
	            "file, or the command keeps its starter's terminal or pipe open.\n"
	            "\n"
	            "Examples:\n"
	            "  proc-guard detach -- redis-server >redis.log 2>&1 </dev/null &\n"
	            "\n"
	            "Exit codes: the command's own, or 0 where it returns at once; 2 wrong flag, 126 cannot be\n"
	            "executed, 127 command not found.\n");
}
