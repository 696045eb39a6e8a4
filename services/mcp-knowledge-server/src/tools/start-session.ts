import { z } from 'zod';

import { timestamp, toTimestamp, viewSession } from '../sessions/session-view.ts';
import { jsonObject } from './json-object.ts';
import { defineTool } from './define-tool.ts';
import type { Tool } from './tool.ts';

export const startSession: Tool = defineTool({
  name: 'start_session',
  title: 'Start a session',
  description:
    'Opens the session that your work is logged under. Returns your own active session if you have one in this project. It ends by end_session, or with you.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    project: z.string().min(1).max(1000).optional().describe('Default: the working directory.'),
    agent: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Your name. Default: what the client calls itself.'),
    user: z.string().min(1).max(200).optional().describe('Whom you work for.'),
    metadata: jsonObject.optional().describe('Anything worth keeping with the session.'),
  }),
  output: z.object({
    session_id: z.string(),
    reused: z.boolean().describe('It was active already.'),
    project: z.string().nullable(),
    agent: z.string().nullable(),
    started_at: timestamp,
    expires_at: timestamp.describe('Ends then, unless there is activity.'),
    entry_count: z.int(),
  }),
  run: async ({ project, agent, user, metadata }, { clientSessions, clientName, defaultProject }) => {
    const { session, reused } = await clientSessions.start({
      kind: 'agent',
      project: project ?? defaultProject,
      agent: agent ?? clientName,
      user,
      metadata,
    });
    const entries = session.entryCount === 1 ? '1 entry' : `${session.entryCount} entries`;
    return {
      summary: reused
        ? `Session ${session.id} is yours and still active, with ${entries}.`
        : `Session ${session.id} has started.`,
      output: {
        ...viewSession(session),
        reused,
        agent: session.agent,
        expires_at: toTimestamp(session.expiresAt),
        entry_count: session.entryCount,
      },
    };
  },
});
