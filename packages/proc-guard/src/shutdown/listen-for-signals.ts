import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';

import { ProcGuardError } from '../errors/proc-guard-error.ts';

export interface SignalListening {
  close(): void;
  [Symbol.dispose](): void;
}

/** Signals reach the main thread only; a Worker is ended by it. */
export function listenForSignals(
  signals: readonly NodeJS.Signals[],
  onSignal: (signal: NodeJS.Signals) => void,
): SignalListening {
  if (!isMainThread) throw new ProcGuardError('UNSUPPORTED', 'signals can be heard on the main thread only');
  for (const signal of signals) {
    if (constants.signals[signal] === undefined || signal === 'SIGKILL' || signal === 'SIGSTOP') {
      throw new ProcGuardError('INVALID_OPTIONS', `${signal} is no signal that can be listened for`, {
        option: 'signals',
      });
    }
  }
  for (const signal of signals) process.on(signal, onSignal);
  const close = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
  };
  return { close, [Symbol.dispose]: close };
}
