import { Command } from 'commander';

import { importLegacy, legacyFiles, type LegacyImportReport } from '../../import/legacy/import-legacy.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandFlags } from '../config-options.ts';
import { counted } from '../counted.ts';
import { withSessionManager } from '../with-session-manager.ts';

interface LegacyFlags extends CommandFlags {
  readonly remove?: true;
}

export function importLegacyCommand(context: CommandContext): Command {
  return new Command('legacy')
    .description('Import the session files of the old logger; the three copies of a session become one')
    .argument('[file...]', 'session files; without one, the three places of the old logger, seen from here')
    .option('--remove', 'remove each file once its content is in the store')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
The three places are fk2_session_backup.json in the folder for temporary files, logs/current_session.json
and .claude/session_backup.json. A file that something still writes is not removed.

Examples:
  $ diary import legacy
  $ diary import legacy --remove
  $ diary import legacy old/session_backup.json --json`,
    )
    .action(async (files: string[], flags: LegacyFlags) => {
      const paths = files.length > 0 ? files : legacyFiles(context.folder);
      const report = await withSessionManager(context, flags, (manager) =>
        importLegacy({ manager, paths, remove: flags.remove }),
      );
      if (flags.json === true) context.print(JSON.stringify(report, undefined, 2));
      else for (const line of describeReport(report)) context.print(line);
    });
}

function describeReport({ files, sessions, entries, added, removed, kept }: LegacyImportReport): string[] {
  if (files.length === 0) return ['There is no session file of the old logger.'];
  return [
    `${counted(files.length, 'file')}, ${counted(sessions, 'session')}, ${counted(entries, 'entry', 'entries')}; ${added} new, ${entries - added} known already.`,
    ...removed.map((path) => `Removed: ${path}`),
    ...kept.map(({ path, reason }) => `Not removed: ${path} (${reason}).`),
  ];
}
