import { projectOf } from '@endwell/session-core';
import { z } from 'zod';

import { fitIntoBudget } from '../sessions/answer-budget.ts';
import { sessionRow, viewSessionRow } from '../sessions/session-row.ts';
import { defineTool } from './define-tool.ts';
import type { Tool } from './tool.ts';

export const listSessions: Tool = defineTool({
  name: 'list_sessions',
  title: 'List sessions',
  description: 'Sessions of every client that uses this store, newest first.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    project: z.string().min(1).max(1000).optional().describe('Default: all.'),
    agent: z.string().min(1).max(200).optional(),
    state: z.enum(['active', 'ended', 'all']).default('all'),
    limit: z.int().min(1).max(100).default(20),
    cursor: z.string().max(500).optional().describe('next_cursor of the answer before.'),
  }),
  output: z.object({
    sessions: z.array(sessionRow),
    next_cursor: z.string().nullable(),
  }),
  run: async ({ project, agent, state, limit, cursor }, { manager }) => {
    const filter = { project: project && projectOf(project), agent, state };
    const page = await manager.list({ ...filter, limit, cursor });
    const rows = fitIntoBudget(page.sessions.map(viewSessionRow));
    // A shorter page has a cursor of its own: the store makes it when it is asked for just as many.
    const { nextCursor } =
      rows.length === page.sessions.length
        ? page
        : await manager.list({ ...filter, limit: rows.length, cursor });
    return {
      summary: `${rows.length} ${rows.length === 1 ? 'session' : 'sessions'}${nextCursor === null ? '' : ', and there are more'}.`,
      output: { sessions: rows, next_cursor: nextCursor },
    };
  },
});
