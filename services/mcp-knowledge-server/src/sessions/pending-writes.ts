/** The writes that have been asked for and are not stored yet, so that an end can wait for them. */
export interface PendingWrites {
  /** Runs a write. Until it has settled, `settled` waits for it. `sessionId` undefined: whichever it will be. */
  track<Value>(sessionId: string | undefined, write: () => Promise<Value>): Promise<Value>;
  /** Resolves when what was tracked so far for this session has succeeded or failed. */
  settled(sessionId: string): Promise<void>;
}

export function createPendingWrites(): PendingWrites {
  const pending = new Map<Promise<unknown>, string | undefined>();
  return {
    track: async (sessionId, write) => {
      const writing = write();
      pending.set(writing, sessionId);
      try {
        return await writing;
      } finally {
        pending.delete(writing);
      }
    },
    settled: async (sessionId) => {
      const ours = [...pending].filter(([, id]) => id === undefined || id === sessionId);
      await Promise.allSettled(ours.map(([writing]) => writing));
    },
  };
}
