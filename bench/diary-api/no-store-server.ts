/**
 * The diary's own server, with its routes, checks and answers, on a manager that keeps nothing: what HTTP and
 * validation cost by themselves. Prints its address when it is ready.
 */
import process from 'node:process';
import { createDiaryServer, listen } from '@endwell/diary-api';
import type { Entry, NewEntry, SessionManager } from '@endwell/session-core';
import type { ComponentDatabase } from '@endwell/session-core/sqlite';

let sequence = 0;

function toEntry(sessionId: string, entry: NewEntry): Entry {
  sequence += 1;
  return {
    sessionId,
    sequence,
    type: entry.type,
    text: entry.text ?? null,
    data: entry.data ?? null,
    idempotencyKey: entry.idempotencyKey ?? null,
    recordedAt: Date.now(),
    occurredAt: entry.occurredAt ?? null,
    purgedAt: null,
  };
}

const manager = {
  record: async (id: string, entries: NewEntry | readonly NewEntry[]) =>
    [entries].flat().map((entry) => toEntry(id, entry)),
} satisfies Partial<SessionManager>;

const { app } = createDiaryServer({
  manager: manager as Partial<SessionManager> as SessionManager,
  // No route that is measured asks for it.
  database: {} as ComponentDatabase,
  maxRequestsPerSecond: 10_000_000,
});
process.stdout.write(`listening on ${await listen(app, '127.0.0.1', 0)}\n`);
process.once('SIGTERM', () => void app.close());
