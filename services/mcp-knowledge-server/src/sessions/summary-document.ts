import type { Session } from '@endwell/session-core';

import type { TextDocument } from '../knowledge/knowledge.ts';
import { toTimestamp } from './session-view.ts';
import type { WorkDigest } from './work-digest.ts';

/** A session's outcome as a document that can be searched later. */
export function summaryDocument(session: Session, digest: WorkDigest): TextDocument {
  const ended = toTimestamp(session.endedAt ?? session.lastActiveAt);
  const section = (title: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [`## ${title}`, '', ...items.map((item) => `- ${item}`), ''];
  return {
    project: session.project,
    title: `Session of ${ended.slice(0, 16).replace('T', ' ')}`,
    tags: ['session-summary'],
    source: `session:${session.id}`,
    text: [
      `# Session ${session.id}`,
      '',
      `Project ${session.project ?? 'none'}, agent ${session.agent ?? 'unnamed'}, ${toTimestamp(session.startedAt)} to ${ended}.`,
      '',
      ...(session.endNote === null ? [] : [session.endNote, '']),
      ...section('Achieved', digest.achievements),
      ...section('Open', digest.unresolvedIssues),
      ...section('Next', digest.nextSteps),
      ...section('Last actions', digest.recentActions),
      ...section('Files', digest.recentFiles),
    ].join('\n'),
  };
}
