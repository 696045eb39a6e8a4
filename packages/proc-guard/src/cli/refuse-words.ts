import { ProcGuardError } from '../errors/proc-guard-error.ts';

/** For a command that takes flags only. */
export function refuseWords(command: string, words: readonly string[]): void {
  const [first] = words;
  if (first === undefined) return;
  throw new ProcGuardError(
    'USAGE',
    `${command}: unexpected argument ${first} (see proc-guard ${command} --help)`,
  );
}
