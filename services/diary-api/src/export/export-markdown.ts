import type { Entry, ExportItem, Session } from '@endwell/session-core';

/** Sessions to read: a heading for each, then what was said and done. */
export async function* exportMarkdown(items: AsyncIterable<ExportItem>): AsyncGenerator<string, void, void> {
  for await (const item of items) {
    yield item.type === 'session' ? sessionHead(item.session) : entryText(item.entry);
  }
}

function sessionHead(session: Session): string {
  const lines: readonly (readonly [string, string | null])[] = [
    ['Project', session.project],
    ['Agent', session.agent],
    ['User', session.user],
    ['Started', new Date(session.startedAt).toISOString()],
    [
      'Ended',
      session.endedAt === null ? null : `${new Date(session.endedAt).toISOString()} (${session.endReason})`,
    ],
    ['Continues', session.continues],
    ['Parent', session.parentId],
  ];
  const list = lines.flatMap(([name, value]) => (value === null ? [] : [`- ${name}: ${oneLine(value)}`]));
  return `# Session ${session.id}\n\n${list.join('\n')}\n\n`;
}

function entryText(entry: Entry): string {
  const at = new Date(entry.occurredAt ?? entry.recordedAt).toISOString();
  if (entry.purgedAt !== null) return `## ${entry.sequence}. forgotten (${at})\n\n`;
  const data = entry.data ?? {};
  const name = [data['role'], data['action']].find((value) => typeof value === 'string') ?? entry.type;
  const outcome = data['success'] === false || data['isError'] === true ? ', failed' : '';
  const files = Array.isArray(data['files']) ? data['files'].filter((file) => typeof file === 'string') : [];
  return [
    `## ${entry.sequence}. ${oneLine(name)}${outcome} (${at})`,
    ...(entry.text === null || entry.text === '' ? [] : [fenced(entry.text)]),
    ...(typeof data['reasoning'] === 'string' ? [`Reasoning:\n\n${fenced(data['reasoning'])}`] : []),
    ...(files.length === 0 ? [] : [files.map((file) => `- ${oneLine(file)}`).join('\n')]),
    '',
  ].join('\n\n');
}

/** Other people's text, so that nothing in it is taken for a heading: between fences longer than any in it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/([\\`*_[\]<>#|])/g, String.raw`\$1`);
}
