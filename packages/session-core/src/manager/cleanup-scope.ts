import { AsyncLocalStorage } from 'node:async_hooks';

import { isInShutdown } from '@endwell/proc-guard';

import { SessionError } from '../errors/session-error.ts';

const scope = new AsyncLocalStorage<string>();

/** Runs something during which no session may be created, also across `await` and by another manager. */
export function duringCleanup<Value>(doing: string, run: () => Value): Value {
  return scope.run(doing, run);
}

/** @throws SessionError `CREATION_DURING_CLEANUP`: clean-up that creates is how a cascade begins. */
export function refuseDuringCleanup(): void {
  const doing = scope.getStore() ?? (isInShutdown() ? 'a shutdown' : undefined);
  if (doing === undefined) return;
  throw new SessionError('CREATION_DURING_CLEANUP', `no session can be created during ${doing}`);
}
