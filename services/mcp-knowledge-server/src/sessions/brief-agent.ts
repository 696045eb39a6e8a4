import type { Session, SessionManager } from '@endwell/session-core';

import { clipLine } from './clip.ts';
import { describeBadEnd } from './describe-end.ts';
import type { ProjectState } from './project-state.ts';
import { readTail } from './read-tail.ts';
import { toTimestamp } from './session-view.ts';
import { digestWork, emptyDigest, type WorkDigest } from './work-digest.ts';

/** How far back a brief looks into a journal. */
const tailEntries = 200;

/** What an agent should know when it goes on in a project. */
export interface Briefing {
  /** The ended session that the digest is about, unless it is about the agent's own. */
  readonly previous: Session | undefined;
  readonly digest: WorkDigest;
  readonly warnings: readonly string[];
}

/**
 * Reads what the work looks like: from the agent's own session when it holds something, else from the
 * one before it.
 */
export async function briefAgent(
  manager: SessionManager,
  state: ProjectState,
  { own, previous }: { readonly own: Session | undefined; readonly previous: Session | undefined },
): Promise<Briefing> {
  const about = own !== undefined && own.entryCount > 0 ? own : previous;
  const digest = about === undefined ? emptyDigest : digestWork(await readTail(manager, about, tailEntries));
  return { previous, digest, warnings: warningsOf(state, own, previous) };
}

function warningsOf(state: ProjectState, own: Session | undefined, previous: Session | undefined): string[] {
  const end = previous === undefined ? undefined : describeBadEnd(previous);
  const others = state.active.filter(({ id }) => id !== own?.id);
  const [newest] = others;
  return [
    ...(end === undefined ? [] : [end]),
    ...(newest === undefined
      ? []
      : [
          `${others.length === 1 ? 'Another session is' : `${others.length} other sessions are`} active in this project, ` +
            `such as ${newest.id} of ${clipLine(newest.agent ?? 'an unnamed agent', 60)}, last active ${toTimestamp(newest.lastActiveAt)}.`,
        ]),
  ];
}

/** What to do first, as sentences; stated next steps go before what the journal suggests. */
export function recommend({ previous, digest }: Briefing): string[] {
  const [issue] = digest.unresolvedIssues;
  const [step] = digest.nextSteps;
  const note = previous?.endNote;
  const unfinished =
    previous !== undefined && previous.endReason !== 'completed' && previous.endReason !== 'imported';
  return [
    ...(unfinished
      ? [`Check what session ${previous.id} left half done: get_session_context or resume_session shows it.`]
      : []),
    ...(issue === undefined ? [] : [`Resolve first: ${issue}`]),
    ...(step === undefined ? [] : [`Go on with: ${step}`]),
    ...(step === undefined && note != null ? [`The last session's note: ${clipLine(note, 200)}`] : []),
    'Log what matters with log_action, and call end_session when the work is done.',
  ];
}
