/**
 * The guard where there is no native helper: a small Node program between the owner and the
 * command, started by `spawnGuarded`. It ends the tree when its control pipe closes.
 *
 *     node guard-fallback.js <graceMs> <controlFd> <owner identity> <command> [args…]
 */
import { Socket } from 'node:net';
import { isatty } from 'node:tty';

import { exitAsCommand } from './exit-as-command.ts';
import { guardCommand } from './guard-command.ts';
import { releaseDescriptors } from './release-descriptors.ts';

const [graceMs = '', controlFd = '', owner = '', command = '', ...args] = process.argv.slice(2);

// Before the command is there: a signal in between must not end the guard alone.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () => guard.terminate(signal));
const guard = guardCommand({
  command,
  args,
  owner,
  graceMs: Number(graceMs),
  stdio: Array.from({ length: Number(controlFd) }, (_, fd) => fd),
  ownGroup: !isatty(0),
});
releaseDescriptors(Number(controlFd));

const control = new Socket({ fd: Number(controlFd), readable: true, writable: false });
control.on('error', () => guard.end());
control.on('close', () => guard.end());
control.resume();
control.unref();

exitAsCommand(await guard.finished);
