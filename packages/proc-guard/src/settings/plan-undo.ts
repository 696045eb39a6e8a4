import type { FilePlan, ServerChange } from './file-plan.ts';
import { findServers, serverName, type ServerEntry } from './server-entry.ts';
import type { SettingsFile } from './settings-file.ts';
import type { SettingsString } from './settings-node.ts';
import { applyEdits, type TextEdit } from './text-edit.ts';
import { hashText, type WrapRecord, type WrappedServer } from './wrap-record.ts';
import { isSameCommand, serverCommand, unguardedCommand, type ServerCommand } from './wrap-server.ts';

export interface UndoPlan extends FilePlan {
  /** Servers that are still guarded, in a way that only a person can take back. */
  readonly left: readonly WrappedServer[];
}

type StdioServer = ServerEntry & { readonly command: SettingsString };

/**
 * Takes the guard away again. A file that nobody has touched since gets its bytes back. In one that
 * has changed, a server that still has our command line gets its own back, also under another name;
 * one whose arguments have changed keeps them and loses the guard; the rest stays.
 */
export function planUndo(file: SettingsFile, record: WrapRecord): UndoPlan {
  const servers = findServers(file.text, file.format);
  const untouched = hashText(file.text) === record.wrappedHash;
  const edits: TextEdit[] = [];
  const changes: ServerChange[] = [];
  const skipped: { name: string; reason: string }[] = [];
  const left: WrappedServer[] = [];
  const used = new Set<ServerEntry>();
  for (const wrapped of record.servers) {
    const server = findWrapped(servers, wrapped, record.servers, used);
    const name = serverName(wrapped.path);
    if (server === undefined) {
      skipped.push({ name, reason: 'it is not in the file any more, so there is nothing to undo' });
      continue;
    }
    used.add(server);
    const before = serverCommand(server);
    if (isSameCommand(before, wrapped.after)) {
      const [, , command = '', ...args] = wrapped.after.args;
      changes.push({ name: serverName(server.path), before, after: { command, args } });
      edits.push(...undoEdits(server, wrapped));
      continue;
    }
    if (server.state !== 'guarded') {
      skipped.push({ name, reason: 'its command was changed since and has no guard, so it stays' });
      continue;
    }
    const after = unguardedCommand(before);
    if (after === undefined) {
      left.push(wrapped);
      skipped.push({ name, reason: `its command was changed since; ${byHand(wrapped, record)}` });
      continue;
    }
    changes.push({ name, before, after });
    edits.push(...takeGuardAway(server, after));
  }
  return { file, text: untouched ? record.original : applyEdits(file.text, edits), changes, skipped, left };
}

/** Under its own name, else the one that has our very command line under a name that we did not wrap. */
function findWrapped(
  servers: readonly ServerEntry[],
  wrapped: WrappedServer,
  recorded: readonly WrappedServer[],
  used: ReadonlySet<ServerEntry>,
): StdioServer | undefined {
  const stdio = servers.filter((server): server is StdioServer => server.command !== undefined);
  const named = stdio.findLast(({ path }) => isSamePath(path, wrapped.path));
  if (named !== undefined) return named;
  return stdio.find(
    (server) =>
      !used.has(server) &&
      !recorded.some(({ path }) => isSamePath(path, server.path)) &&
      isSameCommand(serverCommand(server), wrapped.after),
  );
}

const isSamePath = (one: readonly string[], other: readonly string[]): boolean =>
  one.join('\0') === other.join('\0');

function byHand({ before }: WrappedServer, { backupPath }: WrapRecord): string {
  const args = before.args === null ? 'no args' : `args ${before.args.replaceAll(/\s+/g, ' ')}`;
  return `to undo it by hand, give it back command ${before.command} and ${args} (the file as it was: ${backupPath})`;
}

function undoEdits({ command, args }: StdioServer, { before }: WrappedServer): readonly TextEdit[] {
  const commandEdit = { start: command.start, end: command.end, text: before.command };
  if (args === undefined) return [commandEdit];
  // Arguments that we added stand right behind the command, and go with what is between.
  if (before.args === null && args.start > command.end) return [{ ...commandEdit, end: args.end }];
  return [commandEdit, { start: args.start, end: args.end, text: before.args ?? '[]' }];
}

/** A list in JSON's syntax is one in TOML's too. */
function takeGuardAway({ command, args }: StdioServer, after: ServerCommand): readonly TextEdit[] {
  const commandEdit = { start: command.start, end: command.end, text: JSON.stringify(after.command) };
  if (args === undefined) return [commandEdit];
  return [commandEdit, { start: args.start, end: args.end, text: JSON.stringify(after.args) }];
}
