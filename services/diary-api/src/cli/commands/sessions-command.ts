import { SessionError, type Session } from '@endwell/session-core';
import { Command, Option } from 'commander';

import { DiaryError } from '../../errors/diary-error.ts';
import { entryView } from '../../http/entries/entry-view.ts';
import type { SessionView } from '../../http/sessions/session-schema.ts';
import { sessionView, sessionViews } from '../../http/sessions/session-view.ts';
import { titleOfSession, titlesOfSessions } from '../../title/title-of-session.ts';
import type { CommandContext } from '../command-context.ts';
import { counted } from '../counted.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { describeEntry, describeSession, titleCell } from '../describe-session.ts';
import { databaseExists } from '../existing-database.ts';
import { renderTable } from '../render-table.ts';
import { databasePath, withSessionManager } from '../with-session-manager.ts';

interface ListFlags extends CommandFlags {
  readonly state: 'active' | 'ended' | 'all';
  readonly limit: string;
}

interface EndFlags extends CommandFlags {
  readonly note?: string;
}

export function sessionsCommand(context: CommandContext): Command {
  const list = new Command('list')
    .description('List sessions, the newest first')
    .addOption(
      new Option('--state <state>', 'which sessions').choices(['active', 'ended', 'all']).default('all'),
    )
    .option('--limit <number>', 'how many at most, 1 to 500', '50')
    .option('--json', 'print JSON, as the API does')
    .action(async (flags: ListFlags) => listSessions(context, flags));
  const show = new Command('show')
    .description('Show a session and its journal')
    .argument('<id>', 'the id of the session')
    .option('--json', 'print JSON, as the API does')
    .action(async (id: string, flags: CommandFlags) => showSession(context, id, flags));
  const end = new Command('end')
    .description('End a session as an operator: its reason is "terminated"')
    .argument('<id>', 'the id of the session')
    .option('--note <text>', 'why, for people')
    .option('--json', 'print JSON, as the API does')
    .action(async (id: string, flags: EndFlags) => endSession(context, id, flags));
  const sweep = new Command('sweep')
    .description('End the sessions that are past their deadline or whose agent is dead')
    .option('--json', 'print JSON, as the API does')
    .action(async (flags: CommandFlags) => sweepSessions(context, flags));
  const command = new Command('sessions').description('List, show, end and sweep sessions').addHelpText(
    'after',
    `
Examples:
  $ diary sessions list --state active
  $ diary sessions show ses_0198c0de-0000-7000-8000-000000000000 --json
  $ diary sessions end ses_0198c0de-0000-7000-8000-000000000000 --note "stuck"
  $ diary sessions sweep`,
  );
  for (const subcommand of [list, show, end, sweep])
    command.addCommand(addConfigOptions(subcommand, commonSettings));
  return command;
}

async function listSessions(context: CommandContext, flags: ListFlags): Promise<void> {
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
    throw new DiaryError(
      'INVALID_ARGUMENT',
      `--limit must be a whole number from 1 to 500, not ${JSON.stringify(flags.limit)}.`,
    );
  }
  const path = databasePath(context, flags);
  // To look is not to create: where there is no database, there are no sessions.
  if (!databaseExists(path)) {
    context.print(
      flags.json === true
        ? JSON.stringify({ sessions: [], nextCursor: null }, undefined, 2)
        : `No sessions in ${path}.`,
    );
    return;
  }
  await withSessionManager(context, flags, async (manager) => {
    const { sessions, nextCursor } = await manager.list({ state: flags.state, limit });
    if (flags.json === true) {
      const views = await sessionViews(manager, sessions);
      context.print(JSON.stringify({ sessions: views, nextCursor }, undefined, 2));
      return;
    }
    if (sessions.length === 0) context.print(`No sessions in ${path}.`);
    else printSessions(context, sessions, await titlesOfSessions(manager, sessions));
    if (nextCursor !== null) context.print('There are more; raise --limit to see them.');
  });
}

function printSessions(
  context: CommandContext,
  sessions: readonly Session[],
  titles: ReadonlyMap<string, string | null>,
): void {
  const rows = sessions.map((session) => [
    session.id,
    session.endReason ?? session.state,
    session.project ?? '-',
    session.agent ?? '-',
    // To the minute: --json has the rest.
    new Date(session.startedAt).toISOString().replace(/:\d\d\.\d+Z$/, 'Z'),
    String(session.entryCount),
    titleCell(titles.get(session.id)),
  ]);
  for (const line of renderTable(
    ['ID', 'STATE', 'PROJECT', 'AGENT', 'STARTED', 'ENTRIES', 'TITLE'],
    rows,
    context.columns,
  ))
    context.print(line);
}

async function showSession(context: CommandContext, id: string, flags: CommandFlags): Promise<void> {
  requireDatabase(context, id, flags);
  await withSessionManager(context, flags, async (manager) => {
    const session = await manager.get(id);
    const title = await titleOfSession(manager, session);
    if (flags.json !== true) for (const line of describeSession(session, title)) context.print(line);
    const entries = [];
    for (let after: number | null = 0; after !== null;) {
      const page = await manager.entries(id, { after, limit: 500 });
      if (flags.json === true) entries.push(...page.entries.map(entryView));
      else for (const entry of page.entries) context.print(describeEntry(entry));
      after = page.nextAfter;
    }
    if (flags.json === true)
      context.print(JSON.stringify({ session: await sessionView(manager, session), entries }, undefined, 2));
  });
}

async function endSession(context: CommandContext, id: string, flags: EndFlags): Promise<void> {
  requireDatabase(context, id, flags);
  await withSessionManager(context, flags, async (manager) => {
    const session = await manager.terminate(id, { note: flags.note ?? null });
    if (flags.json === true) context.print(JSON.stringify(await sessionView(manager, session), undefined, 2));
    else context.print(`${id} has ended: ${session.endReason}.`);
  });
}

async function sweepSessions(context: CommandContext, flags: CommandFlags): Promise<void> {
  const ended: Session[] = [];
  let views: SessionView[] = [];
  if (databaseExists(databasePath(context, flags))) {
    await withSessionManager(
      context,
      flags,
      async (manager) => {
        await manager.sweep();
        if (flags.json === true) views = await sessionViews(manager, ended);
      },
      (session) => ended.push(session),
    );
  }
  if (flags.json === true) {
    context.print(JSON.stringify({ sessions: views }, undefined, 2));
    return;
  }
  context.print(
    ended.length === 0 ? 'There was nothing to end.' : `Ended ${counted(ended.length, 'session')}.`,
  );
  for (const { id, endReason } of ended) context.print(`${id}  ${endReason}`);
}

function requireDatabase(context: CommandContext, id: string, flags: CommandFlags): void {
  const path = databasePath(context, flags);
  if (!databaseExists(path)) {
    throw new SessionError(
      'SESSION_NOT_FOUND',
      `There is no session ${id}: there is no database at ${path}.`,
    );
  }
}
