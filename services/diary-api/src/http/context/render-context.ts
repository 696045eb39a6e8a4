import { shorten } from '../summary/summarize-session.ts';
import type { ContextView } from './context-schema.ts';

const LINE_CHARACTERS = 400;
const SHOWN_FILES = 20;

/** As much as fits, the newest first to get its place. */
export function renderContext(context: Omit<ContextView, 'text'>, maxCharacters: number): string {
  const { session, continues, messages, actions, files } = context;
  const head = [
    `# Session ${session.id}`,
    `Project ${session.project ?? 'unknown'}, agent ${session.agent ?? 'unknown'}, started ${session.startedAt}, ` +
      (session.endedAt === null
        ? `active, last at ${session.lastActiveAt}.`
        : `ended ${session.endedAt} (${session.endReason}).`),
    ...(continues.length === 0 ? [] : [`It goes on from ${continues.slice(0, 3).join(', ')}.`]),
  ].join('\n');
  const sections = [
    section(
      '## Files',
      files.slice(0, SHOWN_FILES).map((file) => `- ${line(file)}`),
    ),
    section(
      '## Last actions',
      actions
        .toReversed()
        .map(
          ({ type, description, success }) =>
            `- ${type ?? 'action'}${success === false ? ' (failed)' : ''}: ${line(description ?? '')}`,
        ),
    ),
    section(
      '## Last messages',
      messages.toReversed().map(({ role, content }) => `- ${role ?? 'unknown'}: ${line(content ?? '')}`),
    ),
  ].filter((lines) => lines.length > 1);

  let text = shorten(head, maxCharacters);
  // Each section gets its share of what is left, so that long messages do not push out the files.
  for (const [index, lines] of sections.entries()) {
    const share = Math.floor((maxCharacters - text.length) / (sections.length - index));
    text += fitting(lines, share);
  }
  return text;
}

function section(heading: string, lines: readonly string[]): string[] {
  return [`\n\n${heading}`, ...lines.map((each) => `\n${each}`)];
}

function fitting(lines: readonly string[], maxCharacters: number): string {
  const [heading = '', ...rest] = lines;
  let text = heading;
  for (const each of rest) {
    if (text.length + each.length > maxCharacters) break;
    text += each;
  }
  return text === heading ? '' : text;
}

function line(text: string): string {
  return shorten(text.replaceAll(/\s+/g, ' ').trim(), LINE_CHARACTERS);
}
