import type { ServerEntry } from './server-entry.ts';
import type { SettingsObject, SettingsString } from './settings-node.ts';
import type { TextEdit } from './text-edit.ts';

/** The command line of a server, as the settings have it. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export function serverCommand(server: ServerEntry & { readonly command: SettingsString }): ServerCommand {
  return { command: server.command.value, args: server.args?.items.map(({ value }) => value) ?? [] };
}

/** The same server with the guard in front. */
export function guardedCommand(guard: string, { command, args }: ServerCommand): ServerCommand {
  return { command: guard, args: ['run', '--', command, ...args] };
}

/** Takes a guard off that still stands at the front, whatever was changed behind it; undefined where that cannot be told. */
export function unguardedCommand({ args }: ServerCommand): ServerCommand | undefined {
  const separator = args.indexOf('--');
  const [command, ...rest] = args.slice(separator + 1);
  if (args[0] !== 'run' || separator < 0 || command === undefined) return undefined;
  return { command, args: rest };
}

export const isSameCommand = (one: ServerCommand, other: ServerCommand): boolean =>
  one.command === other.command && JSON.stringify(one.args) === JSON.stringify(other.args);

/** The edits that put the guard in front of one server. A text in JSON's syntax is one in TOML's too. */
export function wrapEdits(
  text: string,
  server: ServerEntry & { readonly command: SettingsString },
  guard: string,
): readonly TextEdit[] {
  const { command, args, node } = server;
  const before = ['run', '--', command.value].map((word) => JSON.stringify(word));
  const commandEdit = { start: command.start, end: command.end, text: JSON.stringify(guard) };
  if (args === undefined) {
    return [{ ...commandEdit, text: commandEdit.text + newEntry(text, node, `[${before.join(', ')}]`) }];
  }
  const [first] = args.items;
  if (first === undefined) {
    return [commandEdit, { start: args.start, end: args.end, text: `[${before.join(', ')}]` }];
  }
  // Each new item goes on a line of its own where the others do.
  const gap = text.slice(args.start + 1, first.start);
  const separator = gap === '' || gap.trim() !== '' ? ' ' : gap;
  const inserted = before.map((item) => `${item},${separator}`).join('');
  return [commandEdit, { start: first.start, end: first.start, text: inserted }];
}

/** `"args": …` behind the command, in the way its neighbours are written. */
function newEntry(text: string, node: SettingsObject, value: string): string {
  if (node.syntax === 'toml-inline') return `, args = ${value}`;
  const keyStart = node.entries.findLast(({ key }) => key === 'command')?.keyStart ?? node.start;
  const gap = /\s*$/.exec(text.slice(0, keyStart))?.[0] ?? '';
  if (node.syntax === 'toml-table') return `${/\r?\n[ \t]*$/.exec(gap)?.[0] ?? '\n'}args = ${value}`;
  return `,${gap === '' ? ' ' : gap.replace(/^(?:[ \t]*\r?\n)+(?=[ \t]*\r?\n)/, '')}"args": ${value}`;
}
