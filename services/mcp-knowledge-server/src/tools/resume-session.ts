import type { Session } from '@endwell/session-core';
import { z } from 'zod';

import { briefAgent } from '../sessions/brief-agent.ts';
import { clipLine } from '../sessions/clip.ts';
import { readProjectState } from '../sessions/project-state.ts';
import { defineTool } from './define-tool.ts';
import { lines, project } from './start-options.ts';
import type { Tool, ToolContext } from './tool.ts';

interface Resumption {
  readonly outcome: 'active' | 'resumed' | 'fresh';
  /** The session that goes on. */
  readonly session: Session;
  /** The ended session whose work goes on. */
  readonly previous: Session | undefined;
  readonly warnings: readonly string[];
}

export const resumeSession: Tool = defineTool({
  name: 'resume_session',
  title: 'Resume work',
  description:
    'Goes on where work stopped: your active session, else a new one after the last in this project, or after session_id.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    session_id: z.string().min(1).max(100).optional(),
    project,
  }),
  output: z.object({
    outcome: z.enum(['active', 'resumed', 'fresh']),
    session_id: z.string(),
    previous_session_id: z.string().nullable(),
    last_actions: lines,
    recent_files: lines,
    unresolved_issues: lines,
    achievements: lines,
    next_steps: lines,
    warnings: lines,
  }),
  run: async (input, context) => {
    const { outcome, session, previous, warnings } = await resume(input.session_id, input.project, context);
    const state = await readProjectState(
      context.manager,
      session.project ?? context.resolveProject(input.project),
    );
    const briefing = await briefAgent(context.manager, state, {
      own: session,
      previous: previous ?? (outcome === 'active' ? state.lastEnded : undefined),
    });
    const { digest } = briefing;
    const note = previous?.endNote;
    return {
      summary: summaryOf(outcome, session, previous),
      output: {
        outcome,
        session_id: session.id,
        previous_session_id: previous?.id ?? null,
        last_actions: [...digest.recentActions],
        recent_files: [...digest.recentFiles],
        unresolved_issues: [...digest.unresolvedIssues],
        achievements: [...digest.achievements],
        next_steps: nextSteps(digest.nextSteps, digest.unresolvedIssues, note ?? null),
        warnings: [...warnings, ...briefing.warnings],
      },
    };
  },
});

async function resume(
  sessionId: string | undefined,
  givenProject: string | undefined,
  context: ToolContext,
): Promise<Resumption> {
  const { manager, clientSessions, resolveProject } = context;
  if (sessionId !== undefined) {
    const named = await manager.get(sessionId);
    if (named.state === 'active') {
      const warnings = clientSessions.isOwn(sessionId)
        ? []
        : ['This client did not start the session: pass its session_id with each call about it.'];
      return { outcome: 'active', session: named, previous: undefined, warnings };
    }
    return goOn(named.project ?? resolveProject(givenProject), named, context);
  }
  const project = resolveProject(givenProject);
  const own = await clientSessions.find(project);
  if (own !== undefined) return { outcome: 'active', session: own, previous: undefined, warnings: [] };
  const { lastEnded } = await readProjectState(manager, project);
  return goOn(project, lastEnded, context);
}

/** A session that has ended stays ended: its work goes on in one that says so. */
async function goOn(
  project: string,
  previous: Session | undefined,
  { clientSessions, clientName }: ToolContext,
): Promise<Resumption> {
  const { session, reused } = await clientSessions.start({
    kind: 'agent',
    project,
    agent: clientName,
    metadata: previous === undefined ? undefined : { resumes: previous.id },
  });
  if (reused) return { outcome: 'active', session, previous, warnings: [] };
  return { outcome: previous === undefined ? 'fresh' : 'resumed', session, previous, warnings: [] };
}

function summaryOf(outcome: Resumption['outcome'], session: Session, previous: Session | undefined): string {
  if (outcome === 'active') return `Session ${session.id} is still active.`;
  return previous === undefined
    ? `Session ${session.id} has started; there is nothing to resume.`
    : `Session ${session.id} has started, after ${previous.id}.`;
}

/** Stated steps first; without any, what the end's note and the failures suggest. */
function nextSteps(stated: readonly string[], issues: readonly string[], note: string | null): string[] {
  if (stated.length > 0) return [...stated];
  return [
    ...(note === null ? [] : [`Go on from the note: ${clipLine(note, 200)}`]),
    ...issues.slice(0, 3).map((issue) => `Resolve: ${issue}`),
  ];
}
