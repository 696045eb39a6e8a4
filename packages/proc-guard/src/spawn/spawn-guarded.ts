import { constants } from 'node:os';
import type { ChildProcess } from 'node:child_process';

import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { findHelper } from '../helper/find-helper.ts';
import { boundedNumber } from '../options/bounded-number.ts';
import type { Containment, GuardedExit, GuardedProcess, SpawnGuardedOptions } from './guarded-process.ts';
import { startFallbackGuard } from './start-fallback-guard.ts';
import { startNativeGuard } from './start-native-guard.ts';
import type { GuardSettings, StartedGuard } from './started-guard.ts';

const containments: readonly Containment[] = ['tree', 'namespace', 'cgroup', 'auto'];
/** How much longer than its grace the guard may take before it is ended itself. */
const guardPatienceMs = 5_000;

/**
 * Starts a command whose whole tree ends with this process: on `stop()`, on dispose, and when this
 * process is killed with SIGKILL. The tree includes grandchildren, double-forked daemons and what
 * has moved to a session of its own. What is meant to outlive us is started with `proc-guard detach`.
 *
 * @throws ProcGuardError `INVALID_OPTIONS`; `CONTAINMENT_UNAVAILABLE` where what was asked cannot be
 * had; `SPAWN_REFUSED` by the governor.
 */
export function spawnGuarded(
  command: string,
  args: readonly string[] = [],
  options: SpawnGuardedOptions = {},
): GuardedProcess {
  const graceMs = boundedNumber('graceMs', options.graceMs, {
    fallback: 700,
    min: 0,
    max: 3_600_000,
    integer: true,
  });
  const contain = checkContainment(options.contain);
  checkCommand(command, args);
  options.signal?.throwIfAborted();

  const release = options.governor?.admit();
  const { child, description, letGo } = startGuard({ command, args, options, graceMs, contain }, release);
  const exited = settleOnExit(child);
  if (release !== undefined) exited.then(release, release);
  let stopAsked = false;

  const stop = (): Promise<GuardedExit> => {
    const running = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
    if (running && !stopAsked) {
      stopAsked = true;
      child.kill('SIGTERM');
      letGo();
      const patience = setTimeout(() => child.kill('SIGKILL'), graceMs + guardPatienceMs);
      const settled = (): void => clearTimeout(patience);
      exited.then(settled, settled);
    }
    return exited;
  };

  if (options.signal !== undefined) {
    const { signal } = options;
    const abort = (): void => void stop();
    signal.addEventListener('abort', abort, { once: true });
    const forget = (): void => signal.removeEventListener('abort', abort);
    exited.then(forget, forget);
  }

  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    stdio: child.stdio,
    exited,
    kill: (signal = 'SIGTERM') => {
      if (signal === 'SIGKILL' || signal === 'SIGSTOP') {
        throw new ProcGuardError(
          'INVALID_OPTIONS',
          `${signal} would reach the guard and not the tree: use stop()`,
          {
            option: 'signal',
          },
        );
      }
      if (constants.signals[signal] === undefined) {
        throw new ProcGuardError('INVALID_OPTIONS', `${signal as string} is no signal`, { option: 'signal' });
      }
      return child.kill(signal);
    },
    stop,
    describe: () => description,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

function startGuard(settings: GuardSettings, release: (() => void) | undefined): StartedGuard {
  const helper = findHelper();
  try {
    return helper.path === undefined
      ? startFallbackGuard(helper.reason, settings)
      : startNativeGuard(helper.path, settings);
  } catch (error) {
    release?.();
    throw error;
  }
}

function settleOnExit(child: ChildProcess): Promise<GuardedExit> {
  const exited = new Promise<GuardedExit>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.on('error', (cause) => {
      if (child.pid === undefined) {
        reject(
          new ProcGuardError('SPAWN_FAILED', `the guard could not be started: ${cause.message}`, { cause }),
        );
      }
    });
  });
  // Who never asks for the exit is not ended by it; who does still hears of the failure.
  exited.catch(() => undefined);
  return exited;
}

function checkContainment(contain: Containment = 'tree'): Containment {
  if (!containments.includes(contain)) {
    throw new ProcGuardError(
      'INVALID_OPTIONS',
      `contain must be one of ${containments.join(', ')}, not ${JSON.stringify(contain)}`,
      { option: 'contain' },
    );
  }
  return contain;
}

function checkCommand(command: string, args: readonly string[]): void {
  if (typeof command !== 'string' || command === '') {
    throw new ProcGuardError('INVALID_OPTIONS', 'the command must not be empty', { option: 'command' });
  }
  for (const text of [command, ...args]) {
    if (typeof text !== 'string' || text.includes('\0')) {
      throw new ProcGuardError('INVALID_OPTIONS', 'the command and its arguments must be texts without NUL', {
        option: 'args',
      });
    }
  }
}
