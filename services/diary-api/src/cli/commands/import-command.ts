import { Command } from 'commander';

import {
  importTranscripts,
  type TranscriptImportReport,
} from '../../import/claude-code/import-transcripts.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { withSessionManager } from '../with-session-manager.ts';

export function importCommand(context: CommandContext): Command {
  const transcripts = new Command('transcripts')
    .description(
      "Import Claude Code's transcripts (JSON Lines) as ended sessions; again, it adds only what is new",
    )
    .argument('<path...>', 'transcript files, or folders with transcripts at any depth')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ diary import transcripts ~/.claude/projects
  $ diary import transcripts session.jsonl --json`,
    )
    .action(async (paths: string[], flags: CommandFlags) => {
      const report = await withSessionManager(context, flags, (manager) =>
        importTranscripts({ manager, paths }),
      );
      if (flags.json === true) context.print(JSON.stringify(report, undefined, 2));
      else for (const line of describeReport(report)) context.print(line);
    });
  return new Command('import')
    .description('Bring in sessions that were recorded elsewhere')
    .addCommand(addConfigOptions(transcripts, commonSettings));
}

function describeReport(report: TranscriptImportReport): string[] {
  const { files, sessions, entries, added, entriesByKind, linesByType, unreadable, live } = report;
  const lines = [
    `${count(files, 'file')}, ${count(sessions, 'session')}, ${count(entries, 'entry', 'entries')}; ${added} new, ${entries - added} known already.`,
  ];
  if (entries > 0) lines.push(`Entries: ${list(entriesByKind)}.`);
  if (Object.keys(linesByType).length > 0) lines.push(`Lines: ${list(linesByType)}.`);
  for (const externalId of live) {
    lines.push(`Left out: ${externalId} was recorded live, and is in the diary already.`);
  }
  for (const { path, line } of unreadable) lines.push(`Not readable, left out: ${path} line ${line}.`);
  return lines;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, number]) => `${name} ${number}`)
    .join(', ');
}
