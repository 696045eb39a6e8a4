/** How many steps are queued at once: a turn of the event loop costs more than most steps. */
const batchSize = 256;

/**
 * Runs steps one after the other. Before each, everything that the last one set going has come to
 * rest: all promise callbacks run between two immediates, however long their chain.
 */
export function runSteps(step: () => void | Promise<void>, finished: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let state: 'running' | 'waiting' | 'over' = 'running';
    let batchIsQueued = false;
    const fail = (error: unknown): void => {
      state = 'over';
      reject(error);
    };
    const tick = (): void => {
      if (state !== 'running') return;
      try {
        if (finished()) {
          state = 'over';
          resolve();
          return;
        }
        const pending = step();
        if (pending === undefined) return;
        state = 'waiting';
        void waitFor(pending);
      } catch (error) {
        fail(error);
      }
    };
    const waitFor = async (pending: Promise<void>): Promise<void> => {
      try {
        await pending;
        state = 'running';
        if (!batchIsQueued) queueBatch();
      } catch (error) {
        fail(error);
      }
    };
    const queueBatch = (): void => {
      batchIsQueued = true;
      for (let index = 0; index < batchSize; index += 1) setImmediate(tick);
      setImmediate(() => {
        batchIsQueued = false;
        if (state === 'running') queueBatch();
      });
    };
    queueBatch();
  });
}
