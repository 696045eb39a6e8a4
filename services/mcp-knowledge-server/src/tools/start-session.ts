import { z } from 'zod';

import { briefAgent, recommend } from '../sessions/brief-agent.ts';
import { describeProject, readProjectState } from '../sessions/project-state.ts';
import { timestamp, toTimestamp, viewSession } from '../sessions/session-view.ts';
import { defineTool } from './define-tool.ts';
import { jsonObject } from './json-object.ts';
import { lines, project } from './start-options.ts';
import type { Tool } from './tool.ts';

export const startSession: Tool = defineTool({
  name: 'start_session',
  title: 'Start a session',
  description:
    'Opens the session that your work is logged under, or returns your own active one in this project. It ends by end_session, or with you.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    project,
    agent: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Your name. Default: what the client calls itself.'),
    user: z.string().min(1).max(200).optional().describe('Whom you work for.'),
    metadata: jsonObject.optional(),
  }),
  output: z.object({
    session_id: z.string(),
    reused: z.boolean(),
    project: z.string().nullable(),
    agent: z.string().nullable(),
    started_at: timestamp,
    expires_at: timestamp.describe('Without activity.'),
    entry_count: z.int(),
    context: z.object({
      previous_session_id: z.string().nullable(),
      recent_actions: lines,
      recent_files: lines,
    }),
    overview: z.string(),
    warnings: lines,
    recommendations: lines,
  }),
  run: async (input, { manager, clientSessions, clientName, resolveProject }) => {
    const project = resolveProject(input.project);
    const { session, reused } = await clientSessions.start({
      kind: 'agent',
      project,
      agent: input.agent ?? clientName,
      user: input.user,
      metadata: input.metadata,
    });
    const state = await readProjectState(manager, project);
    const briefing = await briefAgent(manager, state, { own: session, previous: state.lastEnded });
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
        context: {
          previous_session_id: briefing.previous?.id ?? null,
          recent_actions: [...briefing.digest.recentActions],
          recent_files: [...briefing.digest.recentFiles],
        },
        overview: describeProject(state),
        warnings: [...briefing.warnings],
        recommendations: recommend(briefing),
      },
    };
  },
});
