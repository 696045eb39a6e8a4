import { existsSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { Command } from 'commander';

import { planRemoval } from '../../agent-settings/plan-agent.ts';
import { restoreSettings, settingsRecordFolder } from '../../agent-settings/settings-store.ts';
import { DiaryError } from '../../errors/diary-error.ts';
import { privacyFile } from '../../privacy/privacy-file.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { counted } from '../counted.ts';
import { describeSettingsPlan } from '../describe-settings-plan.ts';
import { findUsers } from '../find-users.ts';
import { databasePath } from '../with-session-manager.ts';

interface UninstallFlags extends CommandFlags {
  readonly purge?: true;
  readonly yes?: true;
}

export function uninstallCommand(context: CommandContext): Command {
  const command = new Command('uninstall')
    .description('Take away what "diary init" added; keeps the recorded sessions unless told')
    .option('--purge', 'delete the database too, with all that any Endwell program has recorded in it')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
Lists everything first. A settings file that nobody has changed since gets its bytes back; from one that
was changed our hooks and our MCP server alone are taken. The program itself is npm's to remove.
Without a terminal and without --yes it only lists.

Examples:
  $ diary uninstall
  $ diary uninstall --purge --yes`,
    )
    .action(async (flags: UninstallFlags) => uninstall(context, flags));
  return addConfigOptions(command, commonSettings);
}

async function uninstall(context: CommandContext, flags: UninstallFlags): Promise<void> {
  const path = databasePath(context, flags);
  const home = dirname(path);
  const changes = planRemoval(context.environment);
  const files = [
    ...[settingsRecordFolder(home), compileCache(context)].filter((folder) => existsSync(folder)),
    ...(flags.purge === true ? dataFiles(path) : []),
  ];
  for (const { agent, file, plan } of changes)
    for (const line of describeSettingsPlan(`${agent.title}: ${file.path}`, plan)) context.print(line);
  for (const file of files) context.print(`Delete ${file}`);
  if (changes.length === 0 && files.length === 0) {
    context.print('There is nothing to take away.');
    return;
  }
  if (flags.purge === true) refuseWhileUsed(path);
  const answer = flags.yes === true ? true : await context.confirm('Do all this?');
  if (answer !== true) {
    context.print(
      answer === undefined
        ? 'Nothing was changed: --yes does it without a terminal.'
        : 'Nothing was changed.',
    );
    return;
  }
  for (const { file, plan } of changes) restoreSettings(home, file, plan.text);
  for (const file of files) rmSync(file, { recursive: true, force: true });
  if (flags.purge === true && existsSync(home) && readdirSync(home).length === 0)
    rmSync(home, { recursive: true });
  const kept = flags.purge !== true && existsSync(path) ? ` The recorded sessions stay in ${path}.` : '';
  context.print(`Gave ${counted(changes.length, 'file')} back.${kept}`);
}

/** Where the hook keeps its compiled code; see bin/diary-hook.cjs. */
function compileCache({ environment }: CommandContext): string {
  const cache = environment['XDG_CACHE_HOME'] || join(environment['HOME'] ?? homedir(), '.cache');
  return join(cache, 'endwell', 'compile-cache');
}

function dataFiles(path: string): string[] {
  const folder = dirname(path);
  if (!existsSync(folder)) return [];
  const ours = new Set([
    basename(privacyFile(path)),
    ...['', '-wal', '-shm', '.bell'].map((end) => `${basename(path)}${end}`),
  ]);
  return readdirSync(folder)
    .filter((name) => ours.has(name))
    .map((name) => join(folder, name));
}

/** @throws DiaryError `STILL_IN_USE` */
function refuseWhileUsed(path: string): void {
  const users = findUsers(path);
  if (users.length === 0) return;
  throw new DiaryError(
    'STILL_IN_USE',
    `The database is open in ${counted(users.length, 'process', 'processes')} (${users.join(', ')}): end them first.`,
  );
}
