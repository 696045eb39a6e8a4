import type { ManagerEmitter, ManagerEvents } from './manager-events.ts';

export interface OwnedEmitter extends ManagerEmitter {
  emit<Name extends keyof ManagerEvents>(name: Name, event: ManagerEvents[Name]): void;
}

type Listener = (event: never) => void | Promise<void>;

/** A listener's failure is reported and goes no further: it must not stop an end from being stored or told. */
export function createEmitter(onFailure: (error: unknown, name: keyof ManagerEvents) => void): OwnedEmitter {
  const listeners = new Map<keyof ManagerEvents, Set<Listener>>();
  return {
    on(name, listener) {
      // A wrapper of its own, so that one function that listens twice is two listeners.
      const own: Listener = (event) => listener(event);
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(own));
      const close = (): void => void set.delete(own);
      return { close, [Symbol.dispose]: close };
    },
    emit(name, event) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          const result = listener(event as never);
          if (result instanceof Promise) result.catch((error: unknown) => onFailure(error, name));
        } catch (error) {
          onFailure(error, name);
        }
      }
    },
  };
}
