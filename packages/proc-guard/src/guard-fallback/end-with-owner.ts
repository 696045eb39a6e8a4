import type { StdioOptions } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

import { findClient } from '../client/find-client.ts';
import { isAlive } from '../identity/is-alive.ts';
import { onParentExit } from '../parent-exit/on-parent-exit.ts';
import { stdinKind } from '../parent-exit/stdin-layer.ts';
import type { CommandGuard } from './guard-command.ts';

/** When a process is killed its pipes close a moment before the kernel shows it as dead. */
const looksAfterStdinEnd = [0, 50, 200, 1_000];

/**
 * Ties a guarded command to whoever started this program, without the kernel's help: by signals,
 * by the IPC channel, and by stdin, which is passed on so that its end can be seen. The end of
 * stdin alone is no reason: `cat file | proc-guard run -- job` must go on.
 */
export function endWithOwner(start: (stdio: StdioOptions) => CommandGuard): CommandGuard {
  const ancestors = findClient();
  const passesStdin = stdinKind() === 'stream';
  // Before the command is there: a signal in between must not end the guard alone.
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const)
    process.on(signal, () => guard.terminate(signal));
  const guard = start([passesStdin ? 'pipe' : 'inherit', 'inherit', 'inherit']);

  onParentExit(() => guard.end());

  const { stdin } = guard.child;
  if (stdin !== null) {
    // The command may stop reading at any time; that is its own affair.
    stdin.on('error', () => process.stdin.destroy());
    process.stdin.pipe(stdin);
    process.stdin.once('close', () => void endWithDeadOwner());
  }
  const endWithDeadOwner = async (): Promise<void> => {
    for (const ms of looksAfterStdinEnd) {
      await wait(ms, undefined, { ref: false });
      const { client, wrappers } = ancestors;
      const all = client === undefined ? wrappers : [...wrappers, client];
      if (all.some((identity) => isAlive(identity) === 'dead')) {
        guard.end();
        return;
      }
    }
  };
  return guard;
}
