import { planUndo } from './plan-undo.ts';
import { findServers, serverName, type ServerEntry } from './server-entry.ts';
import type { FilePlan } from './file-plan.ts';
import type { SettingsFile } from './settings-file.ts';
import type { SettingsString } from './settings-node.ts';
import { applyEdits } from './text-edit.ts';
import { hashText, type WrapRecord, type WrappedServer } from './wrap-record.ts';
import { guardedCommand, serverCommand, wrapEdits } from './wrap-server.ts';

export interface WrapPlan extends FilePlan {
  readonly record: WrapRecord;
}

type StdioServer = ServerEntry & { readonly command: SettingsString };

/** What putting the guard in front of every stdio server of a file changes. Changes nothing itself. */
export function planWrap(file: SettingsFile, guard: string, earlier: WrapRecord | undefined): WrapPlan {
  const servers = findServers(file.text, file.format);
  const stdio = servers.filter((server): server is StdioServer => server.state === 'stdio');
  const text = applyEdits(
    file.text,
    stdio.flatMap((server) => wrapEdits(file.text, server, guard)),
  );
  const wrapped: readonly WrappedServer[] = stdio.map((server) => ({
    path: server.path,
    before: {
      command: file.text.slice(server.command.start, server.command.end),
      args: server.args === undefined ? null : file.text.slice(server.args.start, server.args.end),
    },
    after: guardedCommand(guard, serverCommand(server)),
  }));
  return {
    file,
    text,
    changes: stdio.map((server) => ({
      name: serverName(server.path),
      before: serverCommand(server),
      after: guardedCommand(guard, serverCommand(server)),
    })),
    skipped: servers
      .filter(({ state }) => state !== 'stdio')
      .map(({ path, state }) => ({ name: serverName(path), reason: skipReasons[state] })),
    record: {
      version: 1,
      path: file.path,
      // Of a file that was wrapped before, the original is what undoing that would give.
      original: earlier === undefined ? file.text : planUndo(file, earlier).text,
      wrappedHash: hashText(text),
      servers: [...(earlier?.servers ?? []).filter(({ path }) => !isAmong(path, wrapped)), ...wrapped],
    },
  };
}

function isAmong(path: readonly string[], servers: readonly WrappedServer[]): boolean {
  return servers.some((server) => server.path.join('\0') === path.join('\0'));
}

const skipReasons: Record<ServerEntry['state'], string> = {
  stdio: 'it is a stdio server',
  guarded: 'it is guarded already',
  remote: 'it is no local process',
  'not understood': 'its command is not understood',
};
