import type { Entry, Session } from '@endwell/session-core';

/** A session in a few lines for a terminal; what it does not have is left out. */
export function describeSession(session: Session, title: string | null): string[] {
  const fields: readonly (readonly [string, string | number | null])[] = [
    ['Session', session.id],
    ['Title', title],
    ['State', session.state],
    ['End', session.endReason],
    ['Note', session.endNote],
    ['Project', session.project],
    ['Agent', session.agent],
    ['User', session.user],
    ['Parent', session.parentId],
    ['Continues', session.continues],
    ['External id', session.externalId === null ? null : `${session.source}: ${session.externalId}`],
    ['Started', new Date(session.startedAt).toISOString()],
    ['Last active', new Date(session.lastActiveAt).toISOString()],
    ['Ended', session.endedAt === null ? null : new Date(session.endedAt).toISOString()],
    ['Entries', session.entryCount],
  ];
  return fields.flatMap(([name, value]) =>
    value === null ? [] : [`${`${name}:`.padEnd(13)}${printable(String(value))}`],
  );
}

const TITLE_WIDTH = 60;

/** A title as the last column of a table. */
export function titleCell(title: string | null | undefined): string {
  const text = printable(title ?? '-');
  return text.length <= TITLE_WIDTH ? text : `${text.slice(0, TITLE_WIDTH - 1).toWellFormed()}…`;
}

export function describeEntry(entry: Entry): string {
  const role = entry.data?.['role'] ?? entry.data?.['action'];
  const kind = typeof role === 'string' ? `${entry.type} ${role}` : entry.type;
  const at = new Date(entry.occurredAt ?? entry.recordedAt).toISOString();
  return `${String(entry.sequence).padStart(5)}  ${at}  ${printable(kind)}  ${printable(entry.text ?? '')}`;
}

/** Other people's text on one line, without what could drive the terminal. */
export function printable(text: string, isTrimmed = true): string {
  // oxlint-disable-next-line no-control-regex
  const line = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return isTrimmed ? line.trim() : line;
}
