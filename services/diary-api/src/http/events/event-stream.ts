import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';

import {
  isSessionError,
  type SessionErrorCode,
  type SessionEvent,
  type SessionManager,
} from '@endwell/session-core';

import { isoTime } from '../iso-time.ts';

export interface EventStreamOptions {
  /** Where to go on: the last event's cursor, `now` or `start`. */
  readonly after: string;
  /** Ends the stream, for a server that shuts down. */
  readonly signal: AbortSignal;
  /** How often a comment keeps proxies from closing a quiet stream. */
  readonly heartbeatMs: number;
  /** Told what broke the stream, other than its end. */
  readonly onError: (error: unknown) => void;
}

/** A browser would come back with the same cursor for ever if it were refused. */
const unknownCursor: ReadonlySet<SessionErrorCode> = new Set(['CURSOR_EXPIRED', 'INVALID_OPTIONS'] as const);

/**
 * The store's events as server-sent events. `stream:ready` comes first, so that a reader that
 * loads a list after it misses nothing; `stream:reset` says that the cursor was too old, so that
 * what is known is out of date. The reader's pace is ours: nothing piles up in memory, and one
 * that has stopped reading is let go at the second heartbeat.
 */
export function eventStream(manager: SessionManager, options: EventStreamOptions): Readable {
  const stream = new PassThrough();
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, options.signal]);
  let stalledHeartbeats = 0;
  const heartbeat = setInterval(() => {
    if (!stream.writableNeedDrain) {
      stalledHeartbeats = 0;
      stream.write(':\n\n');
    } else if (++stalledHeartbeats === 2) {
      stream.destroy();
    }
  }, options.heartbeatMs);
  heartbeat.unref();
  stream.once('close', () => {
    clearInterval(heartbeat);
    gone.abort();
  });

  const write = async (frame: string): Promise<void> => {
    if (!stream.write(frame)) await once(stream, 'drain', { signal });
  };
  const pump = async (events: AsyncIterable<SessionEvent>): Promise<void> => {
    for await (const event of events) await write(formatEvent(event));
  };
  const run = async (): Promise<void> => {
    // Called before the reader is told that it is ready: from here on nothing is missed.
    const events = manager.watch({ after: options.after, signal });
    await write('retry: 1000\nevent: stream:ready\ndata: {}\n\n');
    try {
      await pump(events);
    } catch (error) {
      if (!isSessionError(error) || !unknownCursor.has(error.code)) throw error;
      const resumed = manager.watch({ after: 'now', signal });
      await write('event: stream:reset\ndata: {}\n\n');
      await pump(resumed);
    }
  };
  run()
    .catch((error: unknown) => {
      if (!signal.aborted) options.onError(error);
    })
    .finally(() => stream.end());
  return stream;
}

function formatEvent(event: SessionEvent): string {
  const { cursor, type, at, ...rest } = event;
  return `id: ${cursor}\nevent: ${type}\ndata: ${JSON.stringify({ type, ...rest, at: isoTime(at) })}\n\n`;
}
