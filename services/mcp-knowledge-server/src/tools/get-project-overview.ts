import { isSessionError } from '@endwell/session-core';
import { z } from 'zod';

import { isKnowledgeError } from '../errors/knowledge-error.ts';
import type { KnowledgeStatistics } from '../knowledge/knowledge.ts';
import { briefAgent, recommend } from '../sessions/brief-agent.ts';
import {
  ACTIVITY_LEVELS,
  describeProject,
  readProjectState,
  scannedSessions,
} from '../sessions/project-state.ts';
import { timestamp, toTimestamp } from '../sessions/session-view.ts';
import { defineTool } from './define-tool.ts';
import { lines, project } from './start-options.ts';
import type { Tool, ToolContext } from './tool.ts';

export const getProjectOverview: Tool = defineTool({
  name: 'get_project_overview',
  title: 'Read a project overview',
  description:
    "A project's activity, its sessions, latest work, what is open, and what its knowledge base holds.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({ project }),
  output: z.object({
    project: z.string(),
    activity_level: z.enum(ACTIVITY_LEVELS),
    sessions_this_week: z.int(),
    entries_this_week: z.int(),
    active_sessions: z.int(),
    last_activity_at: timestamp.nullable(),
    recent_actions: lines,
    recent_files: lines,
    unresolved_issues: lines,
    documents: z.int().nullable(),
    warnings: lines,
    recommendations: lines,
  }),
  run: async (input, context) => {
    const { manager, clientSessions, resolveProject } = context;
    const name = resolveProject(input.project);
    const state = await readProjectState(manager, name);
    const own = await clientSessions.find(name);
    const briefing = await briefAgent(manager, state, { own, previous: state.lastEnded });
    const knowledge = await knowledgeOf(name, context);
    return {
      summary: `${name}: ${describeProject(state)}`,
      output: {
        project: name,
        activity_level: state.level,
        sessions_this_week: state.week.sessions,
        entries_this_week: state.week.entries,
        active_sessions: state.active.length,
        last_activity_at: state.lastActivityAt === null ? null : toTimestamp(state.lastActivityAt),
        recent_actions: [...briefing.digest.recentActions],
        recent_files: [...briefing.digest.recentFiles],
        unresolved_issues: [...briefing.digest.unresolvedIssues],
        documents: knowledge.statistics?.documents ?? null,
        warnings: [
          ...(state.week.sessions === scannedSessions
            ? [`There are more than ${scannedSessions} sessions this week; the figures are of the newest.`]
            : []),
          ...briefing.warnings,
          ...knowledge.warnings,
        ],
        recommendations: recommend(briefing),
      },
    };
  },
});

/** A knowledge base that cannot be used does not keep the sessions from being shown. */
async function knowledgeOf(
  project: string,
  { knowledge }: ToolContext,
): Promise<{ readonly statistics?: KnowledgeStatistics; readonly warnings: readonly string[] }> {
  try {
    const opened = await knowledge.open();
    return { statistics: await opened.statistics({ project }), warnings: [] };
  } catch (error) {
    if (!isKnowledgeError(error) && !isSessionError(error)) throw error;
    return { warnings: [`The knowledge base cannot be used: ${error.code}: ${error.message}`] };
  }
}
