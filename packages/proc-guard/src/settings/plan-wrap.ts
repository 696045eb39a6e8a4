import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';

import { planUndo } from './plan-undo.ts';
import { findServers, serverName, type ServerEntry } from './server-entry.ts';
import type { FilePlan, ServerChange } from './file-plan.ts';
import type { SettingsFile } from './settings-file.ts';
import type { SettingsString } from './settings-node.ts';
import { applyEdits } from './text-edit.ts';
import { hashText, type WrapRecord, type WrappedServer } from './wrap-record.ts';
import { guardedCommand, serverCommand, wrapEdits, type ServerCommand } from './wrap-server.ts';

export interface WrapPlan extends FilePlan {
  readonly record: WrapRecord;
}

type StdioServer = ServerEntry & { readonly command: SettingsString };

/**
 * What putting the guard in front of every stdio server of a file changes; a guard of
 * ours that is no longer where the settings say, as after an upgrade, is found again. Changes nothing itself.
 */
export function planWrap(
  file: SettingsFile,
  guard: string,
  earlier: WrapRecord | undefined,
  backupPath: string,
): WrapPlan {
  const servers = findServers(file.text, file.format);
  const stdio = servers.filter((server): server is StdioServer => server.state === 'stdio');
  const recorded = earlier?.servers ?? [];
  const lost = servers.filter(
    (server): server is StdioServer => isAmong(server.path, recorded) && hasLostGuard(server, guard),
  );
  const text = applyEdits(file.text, [
    ...stdio.flatMap((server) => wrapEdits(file.text, server, guard)),
    ...lost.map(({ command }) => ({ start: command.start, end: command.end, text: JSON.stringify(guard) })),
  ]);
  const wrapped: readonly WrappedServer[] = stdio.map((server) => ({
    path: server.path,
    before: {
      command: file.text.slice(server.command.start, server.command.end),
      args: server.args === undefined ? null : file.text.slice(server.args.start, server.args.end),
    },
    after: guardedCommand(guard, serverCommand(server)),
  }));
  const kept = recorded
    .filter(({ path }) => !isAmong(path, wrapped))
    .map((server) =>
      isAmong(server.path, lost) ? { ...server, after: { ...server.after, command: guard } } : server,
    );
  return {
    file,
    text,
    changes: [
      ...stdio.map((server) => change(server, guardedCommand(guard, serverCommand(server)))),
      ...lost.map((server) => change(server, { ...serverCommand(server), command: guard })),
    ],
    skipped: servers
      .filter((server) => server.state !== 'stdio' && !isAmong(server.path, lost))
      .map(({ path, state }) => ({ name: serverName(path), reason: skipReasons[state] })),
    record: {
      path: file.path,
      backupPath,
      // Of a file that was wrapped before, the original is what undoing that would give.
      original: earlier === undefined ? file.text : planUndo(file, earlier).text,
      wrappedHash: hashText(text),
      servers: [...kept, ...wrapped],
    },
  };
}

function hasLostGuard({ state, command }: ServerEntry, guard: string): boolean {
  return (
    state === 'guarded' &&
    command !== undefined &&
    command.value !== guard &&
    isAbsolute(command.value) &&
    !existsSync(command.value)
  );
}

function change(server: StdioServer, after: ServerCommand): ServerChange {
  return { name: serverName(server.path), before: serverCommand(server), after };
}

function isAmong(path: readonly string[], servers: readonly { readonly path: readonly string[] }[]): boolean {
  return servers.some((server) => server.path.join('\0') === path.join('\0'));
}

const skipReasons: Record<ServerEntry['state'], string> = {
  stdio: 'it is a stdio server',
  guarded: 'it is guarded already',
  remote: 'it is no local process',
  'not understood': 'its command is not understood',
};
