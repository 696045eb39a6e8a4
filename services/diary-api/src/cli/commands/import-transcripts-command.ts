import { basename } from 'node:path';

import { Command } from 'commander';

import { DiaryError } from '../../errors/diary-error.ts';
import {
  importTranscripts,
  type TranscriptImportReport,
} from '../../import/transcript/import-transcripts.ts';
import { readPrivacyRules } from '../../privacy/privacy-file.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandFlags } from '../config-options.ts';
import { counted, listed } from '../counted.ts';
import { databasePath, withSessionManager } from '../with-session-manager.ts';

export function importTranscriptsCommand(context: CommandContext): Command {
  return new Command('transcripts')
    .description(
      "Import Claude Code's and Codex's transcripts (JSON Lines) as ended sessions; again, it adds only what is new",
    )
    .argument('<path...>', 'transcript files, or folders with transcripts at any depth')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Folders that are excluded, and times in which recording was paused, stay out.
Exit codes: 0 done; 1 a named file is no transcript or cannot be read.

Examples:
  $ diary import transcripts ~/.claude/projects
  $ diary import transcripts ~/.codex/sessions
  $ diary import transcripts session.jsonl --json`,
    )
    .action(async (paths: string[], flags: CommandFlags) => {
      const report = await importWithProgress(context, flags, paths);
      if (flags.json === true) context.print(JSON.stringify(report, undefined, 2));
      else for (const line of describeReport(report)) context.print(line);
      const [wrong] = report.notTranscripts.filter((path) => paths.includes(path));
      if (wrong !== undefined) {
        throw new DiaryError('IMPORT_WRONG_FORMAT', `${wrong} is no transcript of Claude Code or Codex.`);
      }
    });
}

export async function importWithProgress(
  context: CommandContext,
  flags: CommandFlags,
  paths: readonly string[],
): Promise<TranscriptImportReport> {
  const progress = context.createProgress();
  try {
    return await withSessionManager(context, flags, (manager) =>
      importTranscripts({
        manager,
        paths,
        privacy: readPrivacyRules(databasePath(context, flags)),
        onProgress: ({ path, file, files, bytes, totalBytes }) =>
          progress.update(bytes, totalBytes, `file ${file} of ${files}: ${basename(path)}`),
      }),
    );
  } finally {
    progress.end();
  }
}

export function describeReport(report: TranscriptImportReport): string[] {
  const { files, sessions, entries, added, entriesByKind, linesByType, withheld, live, notTranscripts } =
    report;
  const lines = [
    `${counted(files, 'file')}, ${counted(sessions, 'session')}, ${counted(entries, 'entry', 'entries')}; ${added} new, ${entries - added} known already.`,
  ];
  if (entries > 0) lines.push(`Entries: ${listed(entriesByKind)}.`);
  if (Object.keys(linesByType).length > 0) lines.push(`Lines: ${listed(linesByType)}.`);
  if (withheld > 0) lines.push(`Kept out by the privacy rules: ${counted(withheld, 'entry', 'entries')}.`);
  for (const externalId of live) lines.push(`Left out: ${externalId} is being recorded live.`);
  lines.push(...describeUnreadable(report.unreadable));
  for (const path of notTranscripts) lines.push(`Not a transcript, left out: ${path}.`);
  return lines;
}

/** One line for each file, however many of its lines are wrong. */
function describeUnreadable(unreadable: TranscriptImportReport['unreadable']): string[] {
  return [...Map.groupBy(unreadable, ({ path }) => path)].map(([path, [first, ...more]]) => {
    const others = more.length === 0 ? '' : ` and ${counted(more.length, 'more line')}`;
    return `Not readable, left out: ${path} line ${first?.line}${others}.`;
  });
}
