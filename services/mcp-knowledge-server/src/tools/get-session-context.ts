import type { Entry, Session, SessionManager } from '@endwell/session-core';
import { z } from 'zod';

import { KnowledgeError } from '../errors/knowledge-error.ts';
import { fitIntoBudget } from '../sessions/answer-budget.ts';
import { entryRow, viewEntry } from '../sessions/entry-row.ts';
import { readTail } from '../sessions/read-tail.ts';
import { sessionRow, viewSessionRow } from '../sessions/session-row.ts';
import { digestWork } from '../sessions/work-digest.ts';
import { defineTool } from './define-tool.ts';
import { sessionId } from './session-id.ts';
import { lines } from './start-options.ts';
import type { Tool } from './tool.ts';

const digestedEntries = 200;
const historySessions = 5;
/** The journal's share of the answer; the rest is the digest's and the history's. */
const journalBudgetBytes = 14_000;

export const getSessionContext: Tool = defineTool({
  name: 'get_session_context',
  title: "Read a session's context",
  description:
    "What a session is about: its recent actions and files, what is open, the journal page by page from its end, and the project's sessions before it.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    session_id: sessionId,
    limit: z.int().min(1).max(100).default(20).describe('Entries of the journal.'),
    cursor: z.string().max(20).optional().describe('next_cursor of the answer before, for older entries.'),
    include_history: z.boolean().default(true),
  }),
  output: z.object({
    session: sessionRow,
    recent_actions: lines,
    recent_files: lines,
    unresolved_issues: lines,
    achievements: lines,
    next_steps: lines,
    entries: z.array(entryRow).describe('In order; the latest is the last.'),
    next_cursor: z.string().nullable().describe('For older entries; null when there are none.'),
    history: z.array(sessionRow),
  }),
  run: async (input, { manager, clientSessions }) => {
    const id = await clientSessions.resolve(input.session_id);
    const session = await manager.get(id);
    const digest = digestWork(await readTail(manager, session, digestedEntries));
    const { rows, before } = await readBack(manager, session, input.limit, input.cursor);
    const history = input.include_history ? await earlierSessions(manager, session) : [];
    return {
      summary: `Session ${id} is ${session.state}, with ${session.entryCount} entries.`,
      output: {
        session: viewSessionRow(session),
        recent_actions: [...digest.recentActions],
        recent_files: [...digest.recentFiles],
        unresolved_issues: [...digest.unresolvedIssues],
        achievements: [...digest.achievements],
        next_steps: [...digest.nextSteps],
        entries: rows,
        next_cursor: before === null ? null : String(before),
        history: history.map(viewSessionRow),
      },
    };
  },
});

/** A page that ends before the cursor, the latest that fit. `before` is where the next older one ends. */
async function readBack(
  manager: SessionManager,
  session: Session,
  limit: number,
  cursor: string | undefined,
): Promise<{ readonly rows: ReturnType<typeof viewEntry>[]; readonly before: number | null }> {
  const end = cursor === undefined ? session.entryCount + 1 : parseCursor(cursor);
  const after = Math.max(0, end - 1 - limit);
  if (end <= 1) return { rows: [], before: null };
  const { entries } = await manager.entries(session.id, { after, limit: Math.min(limit, end - 1 - after) });
  const page: readonly Entry[] = entries.filter(({ sequence }) => sequence < end);
  const newestFirst = fitIntoBudget(page.toReversed().map(viewEntry), journalBudgetBytes);
  const oldest = newestFirst.at(-1)?.sequence ?? 1;
  return { rows: newestFirst.toReversed(), before: oldest > 1 ? oldest : null };
}

function parseCursor(cursor: string): number {
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
  throw new KnowledgeError('INVALID_TOOL_ARGUMENTS', 'cursor: it is not a next_cursor of this tool.');
}

async function earlierSessions(manager: SessionManager, session: Session): Promise<readonly Session[]> {
  if (session.project === null) return [];
  const { sessions } = await manager.list({ project: session.project, limit: 50 });
  return sessions
    .filter(({ id, startedAt }) => id !== session.id && startedAt <= session.startedAt)
    .slice(0, historySessions);
}
