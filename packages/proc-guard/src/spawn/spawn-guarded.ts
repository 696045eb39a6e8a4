import { spawn, type ChildProcess } from 'node:child_process';

import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { findHelper } from '../helper/find-helper.ts';
import { currentIdentity } from '../identity/read-identity.ts';
import { formatIdentity } from '../identity/process-identity.ts';
import { boundedNumber } from '../options/bounded-number.ts';
import { fallbackGaps, fallbackGuardArguments } from './fallback-guard.ts';
import type {
  Containment,
  GuardDescription,
  GuardedExit,
  GuardedProcess,
  SpawnGuardedOptions,
} from './guarded-process.ts';
import { openStdio, withControlPipe } from './guard-stdio.ts';

const containments: readonly Containment[] = ['tree', 'namespace', 'cgroup', 'auto'];
/** How much longer than its grace the guard may take before it is ended itself. */
const guardPatienceMs = 5_000;

/**
 * Starts a command whose whole tree ends with this process: on `stop()`, on dispose, and when this
 * process is killed with SIGKILL. The tree includes grandchildren, double-forked daemons and what
 * has moved to a session of its own. What is meant to outlive us is started with `proc-guard detach`.
 *
 * @throws ProcGuardError `INVALID_OPTIONS`; `CONTAINMENT_UNAVAILABLE` where what was asked cannot be had.
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
  const helper = findHelper();
  const { child, description, control } =
    helper.path === undefined
      ? startFallback(command, args, options, { graceMs, contain, reason: helper.reason })
      : startNative(helper.path, command, args, options, { graceMs, contain });

  const exited = settleOnExit(child);
  let stopAsked = false;

  const kill = (signal: NodeJS.Signals = 'SIGTERM'): boolean => child.kill(signal);
  const stop = (): Promise<GuardedExit> => {
    const running = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
    if (running && !stopAsked) {
      stopAsked = true;
      child.kill('SIGTERM');
      control?.end();
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
    kill,
    stop,
    describe: () => description,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

interface GuardSettings {
  readonly graceMs: number;
  readonly contain: Containment;
}

interface StartedGuard {
  readonly child: ChildProcess;
  readonly description: GuardDescription;
  readonly control?: { end(): void };
}

function startNative(
  helper: string,
  command: string,
  args: readonly string[],
  options: SpawnGuardedOptions,
  { graceMs, contain }: GuardSettings,
): StartedGuard {
  const own = formatIdentity(currentIdentity());
  const child = spawn(
    helper,
    // prettier-ignore
    [
      'run', '--grace-ms', String(graceMs), '--contain', contain, '--client', own, '--parent', String(process.pid),
      '--', command, ...args,
    ],
    { ...spawnOptions(options), stdio: openStdio(options.stdio) },
  );
  const gaps =
    contain === 'tree' || contain === 'auto'
      ? [
          'when the guard itself is killed, the command ends with it, and what the command has started is found by `proc-guard ps`',
        ]
      : [];
  return { child, description: { guard: 'native', contain, gaps } };
}

function startFallback(
  command: string,
  args: readonly string[],
  options: SpawnGuardedOptions,
  { graceMs, contain, reason }: GuardSettings & { readonly reason: string },
): StartedGuard {
  if (contain === 'namespace' || contain === 'cgroup') {
    throw new ProcGuardError(
      'CONTAINMENT_UNAVAILABLE',
      `contain: ${contain} needs the native helper, and ${reason}`,
      {
        option: 'contain',
      },
    );
  }
  const { stdio, controlIndex } = withControlPipe(options.stdio);
  const child = spawn(
    process.execPath,
    fallbackGuardArguments({
      graceMs,
      controlFd: controlIndex,
      owner: formatIdentity(currentIdentity()),
      command,
      args,
    }),
    { ...spawnOptions(options), stdio },
  );
  const control = child.stdio[controlIndex];
  const write = control !== null && control !== undefined && 'end' in control ? control : undefined;
  // The pipe closes when the guard ends; that it does is told by its exit.
  write?.on('error', () => undefined);
  if (write !== undefined && 'unref' in write && typeof write.unref === 'function') write.unref();
  return {
    child,
    description: { guard: 'fallback', contain: 'tree', gaps: fallbackGaps(reason) },
    ...(write === undefined ? {} : { control: { end: () => write.end() } }),
  };
}

function spawnOptions(options: SpawnGuardedOptions): {
  cwd?: string | URL;
  env?: NodeJS.ProcessEnv;
  windowsHide: true;
} {
  return {
    windowsHide: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  };
}

function settleOnExit(child: ChildProcess): Promise<GuardedExit> {
  const exited = new Promise<GuardedExit>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', (cause) => {
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
      {
        option: 'contain',
      },
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
