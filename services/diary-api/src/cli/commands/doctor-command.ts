import { SessionError } from '@endwell/session-core';
import { Command } from 'commander';

import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { databaseExists } from '../existing-database.ts';
import { databasePath, withSessionManager } from '../with-session-manager.ts';

export function doctorCommand(context: CommandContext): Command {
  const command = new Command('doctor')
    .description('Check the store; creates nothing, and exits with 1 when something is wrong')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ diary doctor
  $ diary doctor --home /srv/diary --json`,
    )
    .action(async (flags: CommandFlags) => examine(context, flags));
  return addConfigOptions(command, commonSettings);
}

async function examine(context: CommandContext, flags: CommandFlags): Promise<void> {
  const path = databasePath(context, flags);
  if (!databaseExists(path)) {
    if (flags.json === true)
      context.print(JSON.stringify({ path, exists: false, problems: [] }, undefined, 2));
    else context.print(`There is no database at ${path} yet; it is made when the first session comes in.`);
    return;
  }
  const { integrity, counts } = await withSessionManager(context, flags, async (manager) => ({
    integrity: await manager.integrityCheck(),
    counts: await manager.counts(),
  }));
  if (flags.json === true) {
    context.print(JSON.stringify({ path, exists: true, problems: integrity.problems, counts }, undefined, 2));
  } else {
    context.print(`Database: ${path}`);
    context.print(`Sessions: ${counts.active} live, ${counts.ended} ended, ${counts.entries} entries`);
    context.print(integrity.ok ? 'Integrity: ok' : 'Integrity: damaged');
    for (const problem of integrity.problems) context.print(`  ${problem}`);
  }
  if (!integrity.ok) {
    throw new SessionError('STORE_CORRUPT', `The database at ${path} is damaged: restore it from a backup.`);
  }
}
