/*
 * The demo's witness: adopts whatever the observed command's descendants leave behind, and touches
 * nothing until its standard input closes. It knows nothing of Endwell.
 *
 *   observer command [arguments…]
 *
 * Descriptor 3 gets `exited <code> <signal>` when the command has ended and `empty` when no
 * descendant is left. When standard input closes (the demo is over, or has died in whatever way),
 * it ends what is left and exits. As their parent it cannot hit a process that merely got the pid.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPORTS = 3 };

static pid_t command;

static pid_t parent_of(const char *pid) {
  char path[300], text[1024];
  snprintf(path, sizeof path, "/proc/%s/stat", pid);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t size = read(file, text, sizeof text - 1);
  close(file);
  if (size <= 0) return 0;
  text[size] = '\0';
  /* The name in brackets may contain anything, also brackets. */
  const char *after_name = strrchr(text, ')');
  int parent = 0;
  if (after_name == NULL || sscanf(after_name, ") %*c %d", &parent) != 1) return 0;
  return parent;
}

static void kill_children(void) {
  DIR *processes = opendir("/proc");
  if (processes == NULL) return;
  for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
    if (isdigit((unsigned char)entry->d_name[0]) && parent_of(entry->d_name) == getpid())
      kill((pid_t)atol(entry->d_name), SIGKILL);
  }
  closedir(processes);
}

/* Every child has been killed, so each wait is short; their children become ours and are next. */
static void end_everything(void) {
  do kill_children();
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
}

/* Returns whether a child is left. */
static int reap(void) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    if (pid == command)
      dprintf(REPORTS, "exited %d %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 0,
              WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  }
  return pid == 0;
}

int main(int argc, char **argv) {
  if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return 125;
  /* Ctrl-C reaches the whole group; the demo decides when this ends. */
  sigset_t blocked, inherited;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGCHLD);
  sigset_t all = blocked;
  sigaddset(&all, SIGINT);
  sigaddset(&all, SIGTERM);
  sigaddset(&all, SIGHUP);
  sigprocmask(SIG_BLOCK, &all, &inherited);
  signal(SIGPIPE, SIG_IGN);

  command = fork();
  if (command < 0) return 125;
  if (command == 0) {
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    close(nothing);
    close(REPORTS);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &inherited, NULL);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  /* So that the reader of the command's output sees its end. */
  close(STDOUT_FILENO);

  struct pollfd events[] = {
      {.fd = STDIN_FILENO, .events = POLLIN},
      {.fd = signalfd(-1, &blocked, SFD_CLOEXEC), .events = POLLIN},
  };
  for (;;) {
    if (poll(events, 2, -1) < 0) continue;
    if (events[0].revents != 0) {
      char ignored[64];
      if (read(STDIN_FILENO, ignored, sizeof ignored) <= 0) break;
    }
    if (events[1].revents != 0) {
      struct signalfd_siginfo signal_info;
      (void)!read(events[1].fd, &signal_info, sizeof signal_info);
      if (!reap()) {
        dprintf(REPORTS, "empty\n");
        events[1].fd = -1;
      }
    }
  }
  end_everything();
  return 0;
}
