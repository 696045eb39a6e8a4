import { constants } from 'node:os';

import type { CommandExit } from './guard-command.ts';

/** Node starts its debugger on the first and ignores the second, so they would not end it. */
const keptByNode = new Set<NodeJS.Signals>(['SIGUSR1', 'SIGPIPE']);

/** Ends this process in the way the command ended: with its code, or by its signal where Node can. */
export function exitAsCommand(exit: CommandExit): void {
  if ('code' in exit) process.exit(exit.code);
  if (keptByNode.has(exit.signal)) process.exit(128 + constants.signals[exit.signal]);
  process.removeAllListeners(exit.signal);
  process.kill(process.pid, exit.signal);
  // The kernel may deliver it to another thread of ours, a moment later.
  setTimeout(() => process.exit(128 + constants.signals[exit.signal]), 1_000);
}
