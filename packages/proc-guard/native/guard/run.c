#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../identity/cookie.h"
#include "../roles/help.h"
#include "../system/descriptors.h"
#include "../system/execute.h"
#include "../system/text.h"
#include "cgroup.h"
#include "containment.h"
#include "environment.h"
#include "event-loop.h"
#include "guard.h"
#include "launch.h"
#include "listed-tree.h"
#include "namespace.h"
#include "single-instance.h"
#include "tree.h"

static int fail(const char *what, int error) {
	complain(what, ": ", describe_error(error), ".", NULL);
	return EXIT_GUARD_FAILED;
}

static int explain_search(enum client_search search) {
	if (search == CLIENT_DIED) complain("the client has already ended; nothing was started.", NULL);
	else complain("the kernel cannot watch processes here (Linux 5.3 or newer is needed).", NULL);
	return EXIT_GUARD_FAILED;
}

/* 0, or an exit code. */
static int watch_given_client(struct guard *guard) {
	const struct identity *wanted = &guard->options.client;
	enum client_search search = find_client(getpid(), wanted, &guard->client);
	if (search == CLIENT_FOUND) return 0;
	if (search != CLIENT_NONE) return explain_search(search);
	struct ancestor *client = &guard->client.ancestors[0];
	client->identity = *wanted;
	enum liveness liveness = identity_open(wanted, &client->pidfd);
	if (liveness == LIVENESS_DEAD) return explain_search(CLIENT_DIED);
	if (liveness == LIVENESS_UNKNOWN) {
		complain("the client cannot be watched from here.", NULL);
		return EXIT_GUARD_FAILED;
	}
	client->pidfd = above_standard(client->pidfd);
	guard->client.count = 1;
	return 0;
}

static int watch_client(struct guard *guard) {
	int exit_code = 0;
	if (guard->options.has_client) {
		exit_code = watch_given_client(guard);
	} else {
		enum client_search search = find_client(getpid(), NULL, &guard->client);
		/* A container's first process has nobody to watch. */
		if (search != CLIENT_FOUND && search != CLIENT_NONE) exit_code = explain_search(search);
	}
	/* Asked last: if it is our parent still, it was so when we looked for the client. */
	bool orphaned = guard->options.parent != 0 && getppid() != guard->options.parent;
	return exit_code == 0 && orphaned ? explain_search(CLIENT_DIED) : exit_code;
}

/* From here on signals are read, not delivered. The kernel would drop an ended child of one that ignores SIGCHLD. */
static bool open_signals(struct guard *guard) {
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t all;
	sigfillset(&all);
	(void)sigaction(SIGCHLD, &action, NULL);
	if (sigprocmask(SIG_SETMASK, &all, NULL) != 0) return false;
	guard->signal_fd = above_standard(signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
	return guard->signal_fd >= 0;
}

/* 0, or the exit code after a complaint. */
static int start_command(struct guard *guard, char **environment) {
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0) return fail("cannot start", errno);
	guard->launch_fd = above_standard(ends[0]);
	struct launch launch = {.command = guard->options.command,
	                        .environment = environment,
	                        .failure_fd = above_standard(ends[1]),
	                        .parent = getpid()};
	if (guard->containment == CONTAIN_NAMESPACE) guard->leader = start_in_namespace(guard, &launch);
	else guard->leader = guard->containment == CONTAIN_CGROUP ? cgroup_fork() : fork();
	if (guard->leader == 0) become_command(&launch);
	int error = errno;
	close(launch.failure_fd);
	if (guard->leader < 0 && guard->containment == CONTAIN_TREE) return fail("cannot start", error);
	if (guard->leader < 0) return explain_containment_failure(guard->containment, error);
	if (guard->containment == CONTAIN_NAMESPACE) tree_set_namespace_init(guard->leader);
	return 0;
}

/* As the command ended, so do we. */
static int end_like(int status) {
	if (WIFEXITED(status)) return WEXITSTATUS(status);
	int signal = WTERMSIG(status);
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t only;
	sigemptyset(&only);
	sigaddset(&only, signal);
	(void)sigaction(signal, &action, NULL);
	(void)kill(getpid(), signal);
	(void)sigprocmask(SIG_UNBLOCK, &only, NULL);
	/* A pid namespace's first process is not killed by its own signal. */
	return EXIT_SIGNAL_BASE + signal;
}

/* 0, or the exit code after a complaint. */
static int take_instance(struct guard *guard) {
	const char *name = guard->options.single_instance;
	if (name == NULL) return 0;
	guard->instance_fd = take_instance_name(name);
	if (guard->instance_fd >= 0) return 0;
	if (errno != EADDRINUSE) return fail("--single-instance cannot be had", errno);
	complain("another instance of '", name, "' is running.", NULL);
	return EXIT_TAKEN;
}

static int guard_command(struct guard *guard) {
	char entry[COOKIE_ENTRY_SIZE];
	struct identity self;
	struct rlimit no_core = {0};
	if (!identity_of(getpid(), &self)) return fail("/proc cannot be read", ENOENT);
	const struct ancestor *last = guard->client.ancestors + guard->client.count - 1;
	cookie_entry(guard->client.count > 0 ? &last->identity : &self, &self, entry);
	char **environment = environment_with_cookie(entry);
	if (environment == NULL || !tree_prepare(entry) || !listed_tree_prepare()) return fail("cannot start", errno);
	if (!open_signals(guard)) return fail("cannot start", errno);
	/* What our parent set for us would end us before the tree. Orphans of the tree are to come to us. */
	(void)prctl(PR_SET_PDEATHSIG, 0);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return fail("cannot adopt orphans", errno);
	int exit_code = take_instance(guard);
	if (exit_code == 0) exit_code = prepare_containment(guard, &self);
	if (exit_code == 0) exit_code = start_command(guard, environment);
	if (exit_code == 0) {
		(void)setrlimit(RLIMIT_CORE, &no_core);
		exit_code = guard_until_the_end(guard);
	}
	cgroup_remove();
	return exit_code >= 0 ? exit_code : end_like(guard->command_status);
}

int run_guarded(char **arguments) {
	static struct guard guard = {.signal_fd = -1, .launch_fd = -1, .notes_fd = -1, .instance_fd = -1};
	if (!parse_run_options(arguments, &guard.options)) return EXIT_USAGE;
	if (guard.options.help) return show_run_help();
	int exit_code = watch_client(&guard);
	return exit_code != 0 ? exit_code : guard_command(&guard);
}
