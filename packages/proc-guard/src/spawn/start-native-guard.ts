import { spawn } from 'node:child_process';

import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { formatIdentity } from '../identity/process-identity.ts';
import { currentIdentity } from '../identity/read-identity.ts';
import { containmentSupport, type ContainmentLevel } from '../support/containment-support.ts';
import type { Containment } from './guarded-process.ts';
import { openStdio } from './guard-stdio.ts';
import { processOptions, type GuardSettings, type StartedGuard } from './started-guard.ts';

/** `proc-guard-native run` between us and the command: the kernel does the rest. */
export function startNativeGuard(helper: string, settings: GuardSettings): StartedGuard {
  const level = chooseContainment(settings.contain);
  const flags = ['--grace-ms', String(settings.graceMs), '--contain', level];
  const owner = ['--client', formatIdentity(currentIdentity()), '--parent', String(process.pid)];
  const child = spawn(helper, ['run', ...flags, ...owner, '--', settings.command, ...settings.args], {
    ...processOptions(settings.options),
    stdio: openStdio(settings.options.stdio),
  });
  const gaps =
    level === 'tree'
      ? [
          'when the guard is killed, the command ends at once, and what it had started is found by `proc-guard ps`',
        ]
      : [];
  return { child, description: { guard: 'native', contain: level, gaps }, letGo: () => undefined };
}

/** What was asked and cannot be had is an error; `auto` takes the best that changes nothing for the command. */
function chooseContainment(asked: Containment): ContainmentLevel {
  if (asked === 'tree') return 'tree';
  if (asked === 'auto') return containmentSupport('cgroup').available ? 'cgroup' : 'tree';
  const { available, reason } = containmentSupport(asked);
  if (available) return asked;
  throw new ProcGuardError('CONTAINMENT_UNAVAILABLE', `contain: ${asked} cannot be had here: ${reason}`, {
    option: 'contain',
  });
}
