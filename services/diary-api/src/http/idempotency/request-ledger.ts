import { createHash } from 'node:crypto';

import {
  currentIdentity,
  formatIdentity,
  isAlive,
  isProcGuardError,
  parseIdentity,
} from '@endwell/proc-guard';
import { SessionError } from '@endwell/session-core';
import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import { HttpProblem } from '../problem/http-problem.ts';

/** How long a key is known. */
const KEPT_MS = 24 * 3_600_000;
/** How many old keys one new one takes along. */
const FORGOTTEN_AT_ONCE = 50;
const RETRY_AFTER_MS = 1_000;

/** What a repeated request has to be answered with: never the text of a session, which may be forgotten meanwhile. */
export interface RequestOutcome {
  readonly sessionId: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
}

export interface KeyedRequest {
  /** The header `Idempotency-Key`; without one the work is simply done. */
  readonly key: string | undefined;
  readonly route: string;
  /** Everything that the outcome depends on. */
  readonly input: unknown;
  /** Whether doing the work a second time does no harm. */
  readonly isRepeatable: boolean;
}

export interface RequestLedger {
  /**
   * Does the work once for each key, and answers a repeated request with the first outcome. A request that failed
   * is not remembered.
   *
   * @throws SessionError `IDEMPOTENCY_CONFLICT` for a key that came with other input
   * @throws HttpProblem `REQUEST_IN_PROGRESS`, and `REQUEST_UNSETTLED` when the server died in the middle of work
   * that must not be repeated
   */
  once(
    request: KeyedRequest,
    /** Told whether a server that died may have done it already. */
    work: (isRepeated: boolean) => Promise<RequestOutcome>,
  ): Promise<RequestOutcome>;
}

type Claim =
  | { readonly state: 'ours' | 'ours-again' | 'conflict' | 'in-progress' | 'unsettled' }
  | { readonly state: 'done'; readonly outcome: RequestOutcome };

export function createRequestLedger(
  database: ComponentDatabase,
  now: () => number = () => Date.now(),
): RequestLedger {
  const server = ownName();

  const claim = (keyHash: string, fingerprint: string, isRepeatable: boolean): Promise<Claim> =>
    database.write((db): Claim => {
      const forgotten = db.prepare(
        `DELETE FROM diary_requests WHERE key_hash IN
           (SELECT key_hash FROM diary_requests WHERE created_at < ? ORDER BY created_at LIMIT ?)`,
      );
      forgotten.run(now() - KEPT_MS, FORGOTTEN_AT_ONCE);
      const row = db.prepare('SELECT * FROM diary_requests WHERE key_hash = ?').get(keyHash);
      if (row === undefined) {
        db.prepare(
          'INSERT INTO diary_requests (key_hash, fingerprint, server, created_at) VALUES (?, ?, ?, ?)',
        ).run(keyHash, fingerprint, server, now());
        return { state: 'ours' };
      }
      if (row['fingerprint'] !== fingerprint) return { state: 'conflict' };
      if (row['done_at'] !== null) return { state: 'done', outcome: outcomeOf(row) };
      if (isServerAlive(String(row['server']), server)) return { state: 'in-progress' };
      if (!isRepeatable) return { state: 'unsettled' };
      db.prepare('UPDATE diary_requests SET server = ? WHERE key_hash = ?').run(server, keyHash);
      return { state: 'ours-again' };
    });

  return {
    async once({ key, route, input, isRepeatable }, work) {
      if (key === undefined) return await work(false);
      const keyHash = digest([route, key]);
      const claimed = await claim(keyHash, digest(input), isRepeatable);
      if (claimed.state === 'done') return claimed.outcome;
      if (claimed.state !== 'ours' && claimed.state !== 'ours-again') throw refusal(claimed.state, key);
      let outcome: RequestOutcome;
      try {
        outcome = await work(claimed.state === 'ours-again');
      } catch (error) {
        await database.write((db) =>
          db.prepare('DELETE FROM diary_requests WHERE key_hash = ?').run(keyHash),
        );
        throw error;
      }
      await database.write((db) =>
        db
          .prepare(
            `UPDATE diary_requests SET done_at = ?, result = ?,
               session_id = (SELECT id FROM sessions WHERE id = ?) WHERE key_hash = ?`,
          )
          .run(
            now(),
            outcome.result === null ? null : JSON.stringify(outcome.result),
            outcome.sessionId,
            keyHash,
          ),
      );
      return outcome;
    },
  };
}

function refusal(state: 'conflict' | 'in-progress' | 'unsettled', key: string): Error {
  if (state === 'conflict') {
    return new SessionError(
      'IDEMPOTENCY_CONFLICT',
      `the key ${JSON.stringify(key)} came with another request`,
    );
  }
  if (state === 'in-progress') {
    return new HttpProblem('REQUEST_IN_PROGRESS', 'The first request with this key is not answered yet.', {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }
  return new HttpProblem(
    'REQUEST_UNSETTLED',
    'The server ended while it did the first request with this key: look whether it was done, or send it with a new key.',
  );
}

function outcomeOf(row: Record<string, unknown>): RequestOutcome {
  const { session_id: sessionId, result } = row;
  return {
    sessionId: typeof sessionId === 'string' ? sessionId : null,
    result: typeof result === 'string' ? (JSON.parse(result) as Record<string, unknown>) : null,
  };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}

/** Where a process cannot be identified, another server's request counts as broken off. */
function ownName(): string {
  try {
    return formatIdentity(currentIdentity());
  } catch (error) {
    if (isProcGuardError(error) && error.code === 'UNSUPPORTED') return `unknown:${process.pid}`;
    throw error;
  }
}

function isServerAlive(name: string, own: string): boolean {
  if (name === own) return true;
  return !name.startsWith('unknown:') && isAlive(parseIdentity(name)) !== 'dead';
}
