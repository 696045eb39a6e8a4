import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';

import type { ExportItem, SessionManager } from '@endwell/session-core';
import { Command, Option } from 'commander';

import { DiaryError } from '../../errors/diary-error.ts';
import { exportLines } from '../../export/export-lines.ts';
import { exportMarkdown } from '../../export/export-markdown.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { counted } from '../counted.ts';
import { databaseExists } from '../existing-database.ts';
import { parseTime } from '../parse-duration.ts';
import { databasePath, withSessionManager } from '../with-session-manager.ts';

interface ExportFlags extends CommandFlags {
  readonly format: 'jsonl' | 'markdown';
  readonly output?: string;
  readonly session?: string;
  readonly project?: string;
  readonly agent?: string;
  readonly from?: string;
  readonly to?: string;
}

export function exportCommand(context: CommandContext): Command {
  const command = new Command('export')
    .description('Write sessions with all they hold, to keep, to move or to read')
    .addOption(
      new Option('--format <format>', 'jsonl, which "diary import jsonl" reads, or markdown, for people')
        .choices(['jsonl', 'markdown'])
        .default('jsonl'),
    )
    .option('--output <file>', 'a file, written as a whole or not at all; standard output otherwise')
    .option('--session <id>', 'only this session')
    .option('--project <folder>', 'only sessions of this project')
    .option('--agent <name>', 'only sessions of this agent')
    .option('--from <time>', 'only sessions that started at this day or time, or later')
    .option('--to <time>', 'only sessions that started before this day or time')
    .addHelpText(
      'after',
      `
Examples:
  $ diary export --output diary.jsonl
  $ diary export --format markdown --session ses_0198c0de-0000-7000-8000-000000000000
  $ diary export --project ~/code/shop --from 2026-03-01 | gzip > shop.jsonl.gz`,
    )
    .action(async (flags: ExportFlags) => exportSessions(context, flags));
  return addConfigOptions(command, commonSettings);
}

async function exportSessions(context: CommandContext, flags: ExportFlags): Promise<void> {
  const filter = {
    sessionId: flags.session,
    project: flags.project,
    agent: flags.agent,
    startedFrom: flags.from === undefined ? undefined : parseTime(flags.from, '--from'),
    startedTo: flags.to === undefined ? undefined : parseTime(flags.to, '--to'),
  };
  if (!databaseExists(databasePath(context, flags))) {
    context.report('There is nothing to export yet.');
    return;
  }
  const progress = context.createProgress();
  let sessions = 0;
  let entries = 0;
  try {
    await withSessionManager(context, flags, async (manager) => {
      const total = (await manager.counts()).entries;
      const items = counting(manager.exportSessions(filter), (item) => {
        if (item.type === 'session') sessions += 1;
        else entries += 1;
        if (flags.output !== undefined) progress.update(entries, total, counted(sessions, 'session'));
      });
      const texts = flags.format === 'markdown' ? exportMarkdown(items) : exportLines(items);
      if (flags.output !== undefined) await writeFileWhole(flags.output, texts);
      else for await (const text of texts) await context.write(text);
    });
  } finally {
    progress.end();
  }
  if (flags.output !== undefined)
    context.print(
      `${counted(sessions, 'session')}, ${counted(entries, 'entry', 'entries')} in ${flags.output}.`,
    );
}

async function* counting(
  items: ReturnType<SessionManager['exportSessions']>,
  onItem: (item: ExportItem) => void,
): AsyncGenerator<ExportItem> {
  for await (const item of items) {
    onItem(item);
    yield item;
  }
}

/** Under another name until it is whole: an export that was interrupted is not taken for one. */
async function writeFileWhole(path: string, texts: AsyncIterable<string>): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  try {
    await pipeline(texts, createWriteStream(draft, { mode: 0o600, flags: 'wx' }));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new DiaryError('EXPORT_UNWRITABLE', `${path} cannot be written: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
