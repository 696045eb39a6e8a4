import type { Session, SessionManager } from '@endwell/session-core';
import { Command } from 'commander';

import { sessionViews } from '../../http/sessions/session-view.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { counted, listed } from '../counted.ts';
import { printable, titleCell } from '../describe-session.ts';
import { databaseExists } from '../existing-database.ts';
import { parseTime } from '../parse-duration.ts';
import { renderTable } from '../render-table.ts';
import { databasePath, withSessionManager } from '../with-session-manager.ts';

interface TodayFlags extends CommandFlags {
  readonly date?: string;
}

export function todayCommand(context: CommandContext): Command {
  const command = new Command('today')
    .description('What was done today: sessions, how they ended, and in which projects')
    .option('--date <day>', 'another day, such as 2026-03-01')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ diary today
  $ diary today --date 2026-03-01`,
    )
    .action(async (flags: TodayFlags) => today(context, flags));
  return addConfigOptions(command, commonSettings);
}

async function today(context: CommandContext, flags: TodayFlags): Promise<void> {
  const start = new Date(flags.date === undefined ? Date.now() : parseTime(flags.date, '--date'));
  start.setHours(0, 0, 0, 0);
  const end = new Date(start);
  end.setDate(end.getDate() + 1);
  const range = { startedFrom: start.getTime(), startedTo: end.getTime() };
  const { sessions, views } = databaseExists(databasePath(context, flags))
    ? await withSessionManager(context, flags, async (manager) => {
        const found = await listAll(manager, range);
        return { sessions: found, views: await sessionViews(manager, found) };
      })
    : { sessions: [], views: [] };
  if (flags.json === true) {
    context.print(
      JSON.stringify({ from: start.toISOString(), to: end.toISOString(), sessions: views }, undefined, 2),
    );
    return;
  }
  const day = start.toLocaleDateString('en', {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
  });
  if (sessions.length === 0) {
    context.print(`${day}: no sessions.`);
    return;
  }
  const entries = sessions.reduce((sum, { entryCount }) => sum + entryCount, 0);
  context.print(`${day}: ${counted(sessions.length, 'session')}, ${counted(entries, 'entry', 'entries')}.`);
  context.print(`How they are: ${listed(countBy(sessions, ({ endReason }) => endReason ?? 'active'))}.`);
  context.print('');
  for (const line of renderTable(
    ['STARTED', 'FOR', 'STATE', 'ENTRIES', 'PROJECT', 'ID', 'TITLE'],
    sessions.map((session, index) => [...toRow(session), titleCell(views[index]?.title)]),
    context.columns,
  ))
    context.print(line);
}

async function listAll(
  manager: SessionManager,
  range: { startedFrom: number; startedTo: number },
): Promise<Session[]> {
  const all: Session[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await manager.list({ ...range, limit: 500, cursor });
    all.push(...page.sessions);
    cursor = page.nextCursor;
  }
  return all.toReversed();
}

function toRow(session: Session): string[] {
  const { startedAt, endedAt, lastActiveAt, endReason, entryCount, project, id } = session;
  const minutes = Math.round(((endedAt ?? lastActiveAt) - startedAt) / 60_000);
  const at = new Date(startedAt).toLocaleTimeString('en', {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
  return [at, `${minutes} min`, endReason ?? 'active', String(entryCount), printable(project ?? '-'), id];
}

function countBy(sessions: readonly Session[], name: (session: Session) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const session of sessions) counts[name(session)] = (counts[name(session)] ?? 0) + 1;
  return counts;
}
