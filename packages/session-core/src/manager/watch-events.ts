import type { SessionEvent } from '../session/session-event.ts';
import type { SessionStore } from '../store/session-store.ts';

export interface WatchEventsOptions {
  readonly store: SessionStore;
  /** The cursor to go on from. */
  readonly after: Promise<string>;
  readonly signal: AbortSignal | undefined;
  /** Aborts when the manager closes, which ends the iteration without an error. */
  readonly closed: AbortSignal;
}

const pageSize = 500;

/** The store's events from a cursor on, each once and in order; waits for a wake, never polls. */
export async function* watchEvents(options: WatchEventsOptions): AsyncGenerator<SessionEvent, void, void> {
  const open = !options.closed.aborted;
  try {
    yield* readEvents(options);
  } catch (error) {
    // The store closed under a read that had begun.
    if (!open || !options.closed.aborted) throw error;
  }
}

async function* readEvents(options: WatchEventsOptions): AsyncGenerator<SessionEvent, void, void> {
  const { store, signal, closed } = options;
  signal?.throwIfAborted();
  let cursor = await options.after;
  let failure: { readonly error: unknown } | undefined;
  let woken = Promise.withResolvers<void>();
  const wake = (): void => woken.resolve();
  const unsubscribe = await store.subscribe({
    wake,
    fail(error) {
      failure = { error };
      wake();
    },
  });
  signal?.addEventListener('abort', wake);
  closed.addEventListener('abort', wake);
  try {
    while (!closed.aborted) {
      signal?.throwIfAborted();
      // A wake from here on is for events that this read may miss.
      woken = Promise.withResolvers<void>();
      const events = await store.events(cursor, pageSize);
      for (const event of events) {
        cursor = event.cursor;
        yield event;
        if (closed.aborted) return;
        signal?.throwIfAborted();
      }
      if (events.length > 0) continue;
      if (failure !== undefined) throw failure.error;
      if (!closed.aborted && signal?.aborted !== true) await woken.promise;
    }
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', wake);
    closed.removeEventListener('abort', wake);
  }
}
