import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

import { Command } from 'commander';

import { DiaryError } from '../../errors/diary-error.ts';
import { readPrivacyRules, writePrivacyRules } from '../../privacy/privacy-file.ts';
import { isPausedAt, type Pause } from '../../privacy/privacy-rules.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, type CommandFlags } from '../config-options.ts';
import { parseDuration } from '../parse-duration.ts';
import { databasePath } from '../with-session-manager.ts';

interface PauseFlags extends CommandFlags {
  readonly for?: string;
}

interface ExcludeFlags extends CommandFlags {
  readonly remove?: true;
}

export function pauseCommand(context: CommandContext): Command {
  const command = new Command('pause')
    .description('Stop recording what agents do; what happens meanwhile is never taken in, not even later')
    .option('--for <time>', 'how long, such as 90m, 2h or 1d; until "diary resume" otherwise')
    .addHelpText(
      'after',
      `
Examples:
  $ diary pause
  $ diary pause --for 2h`,
    )
    .action((flags: PauseFlags) => pause(context, flags));
  return addConfigOptions(command, ['home']);
}

export function resumeCommand(context: CommandContext): Command {
  const command = new Command('resume')
    .description('Record again after a pause; what happened in it stays out')
    .action((flags: CommandFlags) => resume(context, flags));
  return addConfigOptions(command, ['home']);
}

export function excludeCommand(context: CommandContext): Command {
  const command = new Command('exclude')
    .description('Never record in the folders that a glob names, nor below them; without a glob, list them')
    .argument('[glob...]', 'globs of folders')
    .option('--remove', 'record there again')
    .option('--json', 'print the globs as JSON')
    .addHelpText(
      'after',
      `
A glob that is no absolute path is meant from here. It is asked before anything is written, by the hooks
and by "diary import".

Examples:
  $ diary exclude ~/private
  $ diary exclude '/srv/*/clients'
  $ diary exclude --remove ~/private`,
    )
    .action((globs: string[], flags: ExcludeFlags) => exclude(context, globs, flags));
  return addConfigOptions(command, ['home']);
}

function pause(context: CommandContext, flags: PauseFlags): void {
  const path = databasePath(context, flags);
  const rules = readPrivacyRules(path);
  const now = Date.now();
  const to = flags.for === undefined ? null : now + parseDuration(flags.for, '--for');
  writePrivacyRules(path, { ...rules, pauses: [...endedPauses(rules.pauses, now), { from: now, to }] });
  context.print(
    to === null
      ? 'Recording is paused, until "diary resume".'
      : `Recording is paused until ${new Date(to).toLocaleString()}, or until "diary resume".`,
  );
}

function resume(context: CommandContext, flags: CommandFlags): void {
  const path = databasePath(context, flags);
  const rules = readPrivacyRules(path);
  const now = Date.now();
  if (!isPausedAt(rules, now)) {
    context.print('Recording is not paused.');
    return;
  }
  writePrivacyRules(path, { ...rules, pauses: endedPauses(rules.pauses, now) });
  context.print('Recording goes on. What happened in the pause stays out.');
}

/** The pauses as they are once those that last have ended now. */
function endedPauses(pauses: readonly Pause[], now: number): Pause[] {
  return pauses.map(({ from, to }) => ({ from, to: to === null || to > now ? now : to }));
}

function exclude(context: CommandContext, globs: readonly string[], flags: ExcludeFlags): void {
  const path = databasePath(context, flags);
  const rules = readPrivacyRules(path);
  const given = globs.map(toAbsolute);
  const unknown = given.find((glob) => flags.remove === true && !rules.exclude.includes(glob));
  if (unknown !== undefined) throw new DiaryError('INVALID_ARGUMENT', `${unknown} is not excluded.`);
  const kept =
    flags.remove === true
      ? rules.exclude.filter((glob) => !given.includes(glob))
      : [...new Set([...rules.exclude, ...given])];
  if (given.length > 0) writePrivacyRules(path, { ...rules, exclude: kept });
  if (flags.json === true) context.print(JSON.stringify(kept, undefined, 2));
  else if (kept.length === 0) context.print('Nothing is excluded.');
  else for (const glob of kept) context.print(glob);
}

function toAbsolute(glob: string): string {
  if (glob === '~' || glob.startsWith('~/')) return join(homedir(), glob.slice(1));
  if (isAbsolute(glob)) return glob.replace(/(?<=.)\/+$/, '');
  return resolve(glob);
}
