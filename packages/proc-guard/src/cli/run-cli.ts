import { ProcGuardError } from '../errors/proc-guard-error.ts';
import type { CliCommand, CliContext } from './command.ts';
import { detachCommand } from './detach-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { execCommand } from './exec-command.ts';
import { exitCodes } from './exit-codes.ts';
import { generalHelp } from './general-help.ts';
import { packageVersion } from './package-version.ts';
import { psCommand } from './ps-command.ts';
import { reapCommand } from './reap-command.ts';
import { runCommand } from './run-command.ts';
import { wrapCommand } from './wrap-command.ts';

export const commands: readonly CliCommand[] = [
  runCommand,
  execCommand,
  detachCommand,
  psCommand,
  reapCommand,
  wrapCommand,
  doctorCommand,
];

/** Runs one command line and returns the exit code. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    context.stderr(generalHelp(commands));
    return exitCodes.usage;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    context.stdout(generalHelp(commands));
    return exitCodes.ok;
  }
  if (name === '--version') {
    context.stdout(`proc-guard ${packageVersion()}\n`);
    return exitCodes.ok;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    context.stderr(
      `proc-guard: unknown ${name.startsWith('-') ? 'flag' : 'command'} ${name} (see proc-guard --help)\n`,
    );
    return exitCodes.usage;
  }
  if (asksForHelp(rest)) {
    context.stdout(command.help);
    return exitCodes.ok;
  }
  try {
    return await command.run(rest, context);
  } catch (error) {
    if (!(error instanceof ProcGuardError)) throw error;
    context.stderr(`proc-guard: ${error.message}\n`);
    return error.code === 'USAGE' ? exitCodes.usage : exitCodes.failed;
  }
}

/** Only before the command that is to be run: `proc-guard run -- node --help` is not for us. */
function asksForHelp(args: readonly string[]): boolean {
  for (const arg of args) {
    if (arg === '--help' || arg === '-h') return true;
    if (arg === '--' || !arg.startsWith('-')) return false;
  }
  return false;
}
