import { Command } from 'commander';

import { importJsonl } from '../../import/jsonl/import-jsonl.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandFlags } from '../config-options.ts';
import { counted } from '../counted.ts';
import { withSessionManager } from '../with-session-manager.ts';

export function importJsonlCommand(context: CommandContext): Command {
  return new Command('jsonl')
    .description('Import what "diary export" wrote, as ended sessions; again, it adds only what is new')
    .argument('<file>', 'an export in JSON Lines')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Example:
  $ diary export --output diary.jsonl && diary import jsonl diary.jsonl --home /srv/diary`,
    )
    .action(async (path: string, flags: CommandFlags) => {
      const progress = context.createProgress();
      const report = await withSessionManager(context, flags, (manager) =>
        importJsonl({ manager, path, onProgress: (bytes, total) => progress.update(bytes, total, path) }),
      ).finally(() => progress.end());
      if (flags.json === true) {
        context.print(JSON.stringify(report, undefined, 2));
        return;
      }
      const { sessions, entries, added, known } = report;
      context.print(
        `${counted(sessions, 'session')}, ${counted(entries, 'entry', 'entries')}; ${added} new, ${entries - added} known already.`,
      );
      if (known.length > 0)
        context.print(`Left as they are: ${counted(known.length, 'session')} of this store's own.`);
    });
}
