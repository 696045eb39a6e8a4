import type { CommandExit } from './guard-command.ts';

/** Ends this process in the way the command ended: with its code, or by its signal. */
export function exitAsCommand(exit: CommandExit): void {
  if ('code' in exit) process.exit(exit.code);
  process.removeAllListeners(exit.signal);
  process.kill(process.pid, exit.signal);
}
