import { SessionError } from '../../errors/session-error.ts';
import type { SessionStore, StoreListener } from '../../store/session-store.ts';
import type { SimulatedProcess } from './simulated-machine.ts';
import type { AppliedStep } from './simulation-history.ts';
import type { SimulationRandom } from './simulation-random.ts';
import type { TaskQueue } from './task-queue.ts';

/** A store as one simulated process sees it. */
export interface ParkingStore {
  readonly store: SessionStore;
  readonly listeners: ReadonlySet<StoreListener>;
  /** Lets go of the store behind, as the kernel does for a process that died. */
  abandon(): Promise<void>;
}

export interface ParkingStoreOptions {
  readonly inner: SessionStore;
  readonly process: SimulatedProcess;
  readonly tasks: TaskQueue;
  readonly random: SimulationRandom;
  /** Chance that a step fails, and that it happens but fails to say so. */
  readonly faults: { failure: number; lostAcknowledgement: number };
  readonly onApplied: (step: AppliedStep) => Promise<void>;
  readonly onFault: (kind: 'failure' | 'lostAcknowledgement', error: SessionError) => void;
}

/**
 * Every call waits twice: until chance lets its step happen, and until chance lets the answer
 * through. Between, anything else can happen, the death of the caller included. The steps
 * themselves are those of the store behind.
 */
export function createParkingStore(options: ParkingStoreOptions): ParkingStore {
  const { inner, process, tasks, random, faults, onApplied, onFault } = options;
  const listeners = new Set<StoreListener>();
  let opened = 0;

  const fail = (kind: 'failure' | 'lostAcknowledgement', method: string): SessionError => {
    const error = new SessionError('STORE_FAILED', `simulated: ${kind} of ${method}`);
    onFault(kind, error);
    return error;
  };

  const park = (
    method: string,
    args: readonly unknown[],
    call: () => Promise<unknown>,
    mayFail: boolean,
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const answer = (send: () => void): void => tasks.add(process, `answer ${method}`, send);
      tasks.add(process, method, async () => {
        if (mayFail && random.chance(faults.failure)) {
          const error = fail('failure', method);
          answer(() => reject(error));
          return;
        }
        let result: unknown;
        try {
          result = await call();
        } catch (error) {
          answer(() => reject(error));
          return;
        }
        await onApplied({ method, args, result });
        if (mayFail && random.chance(faults.lostAcknowledgement)) {
          const error = fail('lostAcknowledgement', method);
          answer(() => reject(error));
          return;
        }
        answer(() => resolve(result));
      });
    });

  const parked: Record<string, unknown> = {
    ...inner,
    open: () =>
      park(
        'open',
        [],
        async () => {
          await inner.open();
          opened += 1;
        },
        false,
      ),
    close: () =>
      park(
        'close',
        [],
        async () => {
          opened -= 1;
          await inner.close();
        },
        false,
      ),
    subscribe: (listener: StoreListener) =>
      park(
        'subscribe',
        [],
        async () => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
        true,
      ),
  };
  for (const [method, value] of Object.entries(inner)) {
    if (typeof value !== 'function' || ['open', 'close', 'subscribe'].includes(method)) continue;
    parked[method] = (...args: unknown[]) =>
      park(method, args, () => (value as (...args: unknown[]) => Promise<unknown>).apply(inner, args), true);
  }
  return {
    store: parked as unknown as SessionStore,
    listeners,
    async abandon() {
      listeners.clear();
      for (; opened > 0; opened -= 1) await inner.close();
    },
  };
}
