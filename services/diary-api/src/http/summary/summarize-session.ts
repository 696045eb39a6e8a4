import type { Entry, Session, SessionManager } from '@endwell/session-core';

import { ACTION_TYPE, filesOf } from '../actions/action-view.ts';
import { isoTime } from '../iso-time.ts';
import { MESSAGE_TYPE, roleOf } from '../messages/message-view.ts';
import { readEntries } from './read-entries.ts';
import type { MessagePreview, Summary } from './summary-schema.ts';

const PREVIEW_CHARACTERS = 200;
const RECENT = 5;
/** What is rarer than the most common names of a kind is counted together. */
const MAX_NAMES = 100;
const OTHER_NAMES = '(other)';

export async function summarizeSession(manager: SessionManager, session: Session): Promise<Summary> {
  const byType = new Map<string, number>();
  const byRole = new Map<string, number>();
  const byAction = new Map<string, number>();
  const files = new Set<string>();
  const recent: MessagePreview[] = [];
  let first: MessagePreview | null = null;
  let [messages, characters, longest, actions, succeeded, failed] = [0, 0, 0, 0, 0, 0];

  for await (const entry of readEntries(manager, session.id)) {
    count(byType, entry.type);
    for (const file of filesOf(entry)) files.add(file);
    if (entry.type === MESSAGE_TYPE) {
      messages += 1;
      count(byRole, roleOf(entry) ?? 'unknown');
      const { length } = entry.text ?? '';
      characters += length;
      longest = Math.max(longest, length);
      recent.push(preview(entry));
      first ??= recent[0] ?? null;
      if (recent.length > RECENT) recent.shift();
    } else if (entry.type === ACTION_TYPE) {
      actions += 1;
      const { action, success } = entry.data ?? {};
      count(byAction, typeof action === 'string' ? action : 'unknown');
      if (success === true) succeeded += 1;
      if (success === false) failed += 1;
    }
  }
  return {
    sessionId: session.id,
    state: session.state,
    durationMs: (session.endedAt ?? session.lastActiveAt) - session.startedAt,
    entries: { total: session.entryCount, byType: mostCommon(byType) },
    messages: {
      total: messages,
      byRole: mostCommon(byRole),
      characters: { total: characters, average: messages === 0 ? 0 : characters / messages, longest },
    },
    actions: { total: actions, byType: mostCommon(byAction), succeeded, failed },
    files: files.size,
    first,
    last: recent.at(-1) ?? null,
    recent,
  };
}

export function preview(entry: Entry): MessagePreview {
  return {
    sequence: entry.sequence,
    role: roleOf(entry),
    at: isoTime(entry.occurredAt ?? entry.recordedAt),
    text: shorten(entry.text ?? '', PREVIEW_CHARACTERS),
  };
}

/** The beginning of a text, cut between characters. */
export function shorten(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, maxCharacters - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function mostCommon(counts: ReadonlyMap<string, number>): Record<string, number> {
  const sorted = [...counts].toSorted(([, left], [, right]) => right - left);
  const rest = sorted.slice(MAX_NAMES).reduce((sum, [, times]) => sum + times, 0);
  return Object.fromEntries([
    ...sorted.slice(0, MAX_NAMES),
    ...(rest > 0 ? [[OTHER_NAMES, rest] as const] : []),
  ]);
}
