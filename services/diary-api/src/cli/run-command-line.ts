import { Command, CommanderError } from 'commander';

import { DiaryError } from '../errors/diary-error.ts';
import type { CommandContext } from './command-context.ts';
import { doctorCommand } from './commands/doctor-command.ts';
import { exportCommand } from './commands/export-command.ts';
import { hookCommand } from './commands/hook-command.ts';
import { importCommand } from './commands/import-command.ts';
import { initCommand } from './commands/init-command.ts';
import { excludeCommand, pauseCommand, resumeCommand } from './commands/privacy-commands.ts';
import { redactCommand } from './commands/redact-command.ts';
import { searchCommand } from './commands/search-command.ts';
import { serveCommand } from './commands/serve-command.ts';
import { sessionsCommand } from './commands/sessions-command.ts';
import { todayCommand } from './commands/today-command.ts';
import { tokenCommand } from './commands/token-command.ts';
import { uninstallCommand } from './commands/uninstall-command.ts';

/** Runs the command that the arguments name. Help and version are printed; what is wrong is thrown. */
export async function runCommandLine(args: readonly string[], context: CommandContext): Promise<void> {
  const program = new Command('diary')
    .description('What your coding agents did, and how each session ended')
    .version(context.version, '-V, --version', 'print the version')
    .addHelpText(
      'after',
      `
Examples:
  $ diary init                                     have the coding agents recorded
  $ diary serve                                    the dashboard on http://127.0.0.1:4747/
  $ diary import transcripts ~/.claude/projects    the sessions that Claude Code keeps
  $ diary sessions list --state active             what runs now

Every setting is a flag and an environment variable; "diary serve --help" lists them.
Exit codes: 0 done, 1 it could not be done, 2 the command line or a setting is wrong.`,
    );
  for (const create of [
    serveCommand,
    initCommand,
    uninstallCommand,
    hookCommand,
    todayCommand,
    searchCommand,
    sessionsCommand,
    importCommand,
    exportCommand,
    tokenCommand,
    pauseCommand,
    resumeCommand,
    excludeCommand,
    redactCommand,
    doctorCommand,
  ])
    program.addCommand(create(context));
  configure(program, context);
  if (args.length === 0) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    if (error.code === 'commander.help')
      throw new DiaryError('INVALID_ARGUMENT', 'A command is missing; --help lists them.');
    const sentence = error.message.replace(/^error: /, '').replaceAll(/\s+/g, ' ');
    throw new DiaryError('INVALID_ARGUMENT', `${sentence}; --help shows what there is.`, { cause: error });
  }
}

/** For the program and every command below it, which do not inherit it once they are made. */
function configure(command: Command, context: CommandContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => context.print(text.trimEnd()),
    // Mistakes are thrown, and said in one sentence by whoever catches them.
    writeErr: () => {},
  });
  for (const child of command.commands) configure(child, context);
}
