import type { Session, SessionManager } from '@endwell/session-core';

import { titleOfSession } from '../title/title-of-session.ts';
import { takeWithinTokens } from './token-bound.ts';

/** What an agent is given at its start, at most; a safe bound, whichever tokenizer it uses. */
export const MAX_CONTEXT_TOKENS = 500;

const MAX_SESSIONS = 8;

/** A few lines about the last sessions of the project; undefined when there is none. */
export async function sessionStartContext(
  manager: SessionManager,
  project: string,
  startedExternalId: string,
): Promise<string | undefined> {
  const { sessions } = await manager.list({ project, kind: 'agent', limit: MAX_SESSIONS + 4 });
  const earlier = sessions
    .filter(({ externalId, entryCount }) => externalId !== startedExternalId && entryCount > 0)
    .slice(0, MAX_SESSIONS);
  if (earlier.length === 0) return undefined;
  const lines = ['Earlier sessions in this project, the newest first (from the diary):'];
  for (const session of earlier) lines.push(await describe(manager, session));
  return takeWithinTokens(lines, MAX_CONTEXT_TOKENS).join('\n');
}

async function describe(manager: SessionManager, session: Session): Promise<string> {
  const at = new Date(session.startedAt).toISOString().slice(0, 16).replace('T', ' ');
  const minutes = Math.round(((session.endedAt ?? session.lastActiveAt) - session.startedAt) / 60_000);
  const title = await titleOfSession(manager, session);
  const end = session.endReason ?? 'still active';
  return `- ${at}, ${minutes} min, ${session.entryCount} entries, ${end}${title === null ? '' : `: ${title}`}`;
}
