import { SessionError } from '../errors/session-error.ts';
import type { SessionStore } from '../store/session-store.ts';

/** The store as one manager uses it. */
export interface StoreUse {
  readonly store: SessionStore;
  /** Resolves when no call is under way any more. */
  idle(): Promise<void>;
}

/**
 * Counts the calls that are under way, so that closing waits for them and none is cut off. What
 * comes after that is told that the manager is closed: an operation of several calls may have begun
 * before.
 */
export function createStoreUse(inner: SessionStore, closing: AbortSignal): StoreUse {
  const calls = { underWay: 0 };
  let rested = Promise.withResolvers<void>();

  const leave = (): void => {
    calls.underWay -= 1;
    if (calls.underWay > 0) return;
    rested.resolve();
    rested = Promise.withResolvers();
  };
  const counted =
    (method: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      if (closing.aborted) return Promise.reject(managerClosed());
      const result = method.apply(inner, args);
      if (!(result instanceof Promise)) return result;
      calls.underWay += 1;
      void result.then(leave, leave);
      return result;
    };
  const methods = new Map<string | symbol, unknown>();

  const store = new Proxy(inner, {
    get(target, name) {
      const known = methods.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const method = value as (...args: unknown[]) => unknown;
      // Closing is not something to wait for before closing.
      const own = name === 'open' || name === 'close' ? method.bind(inner) : counted(method);
      methods.set(name, own);
      return own;
    },
  });
  return {
    store,
    async idle() {
      while (calls.underWay > 0) await rested.promise;
    },
  };
}

export function managerClosed(): SessionError {
  return new SessionError('MANAGER_CLOSED', 'the session manager has been closed');
}
