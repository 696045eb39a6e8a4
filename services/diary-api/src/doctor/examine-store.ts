import { isAlive, parseIdentity } from '@endwell/proc-guard';
import {
  createSessionManager,
  isSessionError,
  type Session,
  type SessionCounts,
  type SessionManager,
  sqliteStore,
} from '@endwell/session-core';

import { databaseExists } from '../cli/existing-database.ts';
import type { Finding } from './finding.ts';

export interface StoreExamination {
  readonly exists: boolean;
  readonly counts: SessionCounts | null;
  readonly findings: readonly Finding[];
}

/** A deadline is looked at a moment after it has passed. */
const PATIENCE_MS = 5_000;

/** Looks at the store through a connection that cannot write: nothing is created, ended or repaired. */
export async function examineStore(path: string, now: number): Promise<StoreExamination> {
  try {
    if (!databaseExists(path)) {
      const what = `There is no database at ${path} yet; it is made when the first session comes in.`;
      return { exists: false, counts: null, findings: [{ check: 'store', level: 'ok', what }] };
    }
    const store = sqliteStore({ path, readOnly: true });
    await using manager = createSessionManager({ store, owner: null, name: 'diary doctor' });
    const integrity = await manager.integrityCheck();
    const counts = await manager.counts();
    const { nextCheckAt } = await store.outlook();
    const findings: Finding[] = integrity.ok
      ? [
          {
            check: 'store',
            level: 'ok',
            what: `The database at ${path} is whole: ${describeCounts(counts)}.`,
          },
        ]
      : [damaged(path, integrity.problems)];
    findings.push(...(await examineSessions(manager)));
    if (nextCheckAt !== null && nextCheckAt < now - PATIENCE_MS) findings.push(overdue(nextCheckAt));
    return { exists: true, counts, findings };
  } catch (error) {
    if (!isSessionError(error)) throw error;
    const finding: Finding = {
      check: 'store',
      level: 'problem',
      what: `${error.code}: ${error.message}`,
      meaning: 'Nothing can be recorded or shown.',
      fix: 'Correct ENDWELL_HOME or the rights of its folder, or restore the database from a backup.',
    };
    return { exists: true, counts: null, findings: [finding] };
  }
}

async function examineSessions(manager: SessionManager): Promise<Finding[]> {
  const ownerless: Session[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await manager.list({ state: 'active', limit: 500, cursor });
    ownerless.push(...page.sessions.filter(hasDeadOwner));
    cursor = page.nextCursor;
  }
  if (ownerless.length === 0) return [];
  return [
    {
      check: 'sessions',
      level: 'warning',
      what: `${ownerless.length} active ${ownerless.length === 1 ? 'session has an agent that is' : 'sessions have agents that are'} dead: ${ownerless
        .map(({ id }) => id)
        .slice(0, 5)
        .join(', ')}${ownerless.length > 5 ? ', …' : ''}.`,
      meaning: 'The agent was killed while no program ran that would have ended its session.',
      fix: 'diary sessions sweep',
    },
  ];
}

function hasDeadOwner({ owner }: Session): boolean {
  const identity = owner === null ? undefined : parseIdentity(owner.identity);
  return identity !== undefined && isAlive(identity) === 'dead';
}

function overdue(since: number): Finding {
  return {
    check: 'sessions',
    level: 'warning',
    what: `Since ${new Date(since).toISOString()} it is due to look for sessions past their deadline.`,
    meaning: 'No program runs that would end them; they are shown as ended all the same.',
    fix: 'diary sessions sweep',
  };
}

function damaged(path: string, problems: readonly string[]): Finding {
  return {
    check: 'store',
    level: 'problem',
    what: `STORE_CORRUPT: The database at ${path} is damaged: ${problems.slice(0, 3).join('; ')}.`,
    meaning: 'What was recorded may be incomplete, and more may be lost.',
    fix: 'End every program that uses it, and restore it from a backup.',
  };
}

function describeCounts({ active, ended, entries }: SessionCounts): string {
  return `${active} active and ${ended} ended sessions, ${entries} entries`;
}
