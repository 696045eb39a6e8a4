import type { FilePlan, ServerChange } from './file-plan.ts';
import { findServers, serverName, type ServerEntry } from './server-entry.ts';
import type { SettingsFile } from './settings-file.ts';
import type { SettingsString } from './settings-node.ts';
import { applyEdits, type TextEdit } from './text-edit.ts';
import { hashText, type WrapRecord, type WrappedServer } from './wrap-record.ts';
import { serverCommand } from './wrap-server.ts';

/**
 * Takes the guard away again. A file that nobody has touched since gets its bytes back; in one
 * that has changed, each server that still has our command line gets its own back, and the rest stays.
 */
export function planUndo(file: SettingsFile, record: WrapRecord): FilePlan {
  const servers = findServers(file.text, file.format);
  const untouched = hashText(file.text) === record.wrappedHash;
  const edits: TextEdit[] = [];
  const changes: ServerChange[] = [];
  const skipped: { name: string; reason: string }[] = [];
  for (const wrapped of record.servers) {
    const server = servers.findLast(({ path }) => path.join('\0') === wrapped.path.join('\0'));
    const name = serverName(wrapped.path);
    if (server === undefined || !isAsWrapped(server, wrapped)) {
      skipped.push({ name, reason: 'it was changed since' });
      continue;
    }
    const [, , command = '', ...args] = wrapped.after.args;
    changes.push({ name, before: serverCommand(server), after: { command, args } });
    edits.push(...undoEdits(server, wrapped));
  }
  return { file, text: untouched ? record.original : applyEdits(file.text, edits), changes, skipped };
}

type StdioServer = ServerEntry & { readonly command: SettingsString };

function isAsWrapped(server: ServerEntry, { after }: WrappedServer): server is StdioServer {
  if (server.command === undefined) return false;
  const { command, args } = serverCommand({ ...server, command: server.command });
  return command === after.command && JSON.stringify(args) === JSON.stringify(after.args);
}

function undoEdits({ command, args }: StdioServer, { before }: WrappedServer): readonly TextEdit[] {
  const commandEdit = { start: command.start, end: command.end, text: before.command };
  if (args === undefined) return [commandEdit];
  // Arguments that we added stand right behind the command, and go with what is between.
  if (before.args === null && args.start > command.end) return [{ ...commandEdit, end: args.end }];
  return [commandEdit, { start: args.start, end: args.end, text: before.args ?? '[]' }];
}
