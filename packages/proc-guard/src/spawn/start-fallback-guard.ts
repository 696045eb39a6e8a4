import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { formatIdentity } from '../identity/process-identity.ts';
import { currentIdentity } from '../identity/read-identity.ts';
import { withControlPipe } from './guard-stdio.ts';
import { processOptions, type GuardSettings, type StartedGuard } from './started-guard.ts';

/** A small Node program between us and the command, which notices our end by a pipe that only we hold. */
export function startFallbackGuard(reason: string, settings: GuardSettings): StartedGuard {
  if (settings.contain === 'namespace' || settings.contain === 'cgroup') {
    throw new ProcGuardError(
      'CONTAINMENT_UNAVAILABLE',
      `contain: ${settings.contain} needs the native helper, and ${reason}`,
      { option: 'contain' },
    );
  }
  const { stdio, controlIndex } = withControlPipe(settings.options.stdio);
  const owner = formatIdentity(currentIdentity());
  const child = spawn(
    process.execPath,
    [guardPath(), String(settings.graceMs), String(controlIndex), owner, settings.command, ...settings.args],
    { ...processOptions(settings.options), stdio },
  );
  const control = child.stdio[controlIndex];
  if (control === null || control === undefined || !('end' in control)) {
    throw new ProcGuardError('SPAWN_FAILED', 'the guard has no control pipe');
  }
  // The pipe breaks when the guard ends, which its exit tells.
  control.on('error', () => undefined);
  if ('unref' in control && typeof control.unref === 'function') control.unref();
  return {
    child,
    description: { guard: 'fallback', contain: 'tree', gaps: fallbackGaps(reason) },
    letGo: () => void control.end(),
  };
}

/** Unbuilt, this file is TypeScript, and so is the guard; built, both are in `dist`. */
function guardPath(): string {
  const here = import.meta.url;
  return fileURLToPath(
    new URL(here.endsWith('.ts') ? '../guard-fallback/main.ts' : './guard-fallback.js', here),
  );
}

function fallbackGaps(reason: string): readonly string[] {
  return [
    `the guard is a Node program, because ${reason}`,
    'when the guard is killed together with us, the command lives on',
    process.platform === 'linux'
      ? 'a process that forks faster than /proc can be read may escape'
      : 'a process that has left the process group may escape',
  ];
}
