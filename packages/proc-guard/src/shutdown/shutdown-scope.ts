import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<true>();

export function runInShutdown<Value>(run: () => Value): Value {
  return scope.run(true, run);
}

/**
 * Whether the caller runs in a closer of a shutdown, also after an `await`. What must not be
 * created by a clean-up can refuse there. Other work of a process that is shutting down is not in it.
 */
export function isInShutdown(): boolean {
  return scope.getStore() === true;
}
