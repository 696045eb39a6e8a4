import type { StdioOptions } from 'node:child_process';

import { ProcGuardError } from '../errors/proc-guard-error.ts';

type StdioEntries = Exclude<StdioOptions, string>;

/** The stdio list of a child, without an IPC channel: the guard in between would not speak it. */
export function openStdio(stdio: StdioOptions = 'pipe'): StdioEntries {
  const entries = typeof stdio === 'string' ? [stdio, stdio, stdio] : [...stdio];
  while (entries.length < 3) entries.push('pipe');
  if (entries.includes('ipc')) {
    throw new ProcGuardError('INVALID_OPTIONS', 'a guarded process cannot have an IPC channel', {
      option: 'stdio',
    });
  }
  return entries;
}

/** The same list with one pipe more, by which the fallback guard notices our end. */
export function withControlPipe(stdio?: StdioOptions): { stdio: StdioEntries; controlIndex: number } {
  const entries = openStdio(stdio);
  return { stdio: [...entries, 'pipe'], controlIndex: entries.length };
}
