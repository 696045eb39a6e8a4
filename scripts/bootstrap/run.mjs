import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { env, ppid } from 'node:process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const projectNode = join(root, 'node_modules', 'node', 'bin', 'node');

/** The project's own Node first on PATH, whichever Node started us. */
export const projectEnv = {
  ...env,
  PATH: [join(root, 'node_modules', '.bin'), env.PATH].join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

/** Runs a program to its end and answers with its exit code, 128 + n for a signal, as a shell does. */
export function run(program, args, options = {}) {
  return supervise(
    spawn(program, args, { cwd: root, env: projectEnv, stdio: 'inherit', ...options }),
    program,
  );
}

export function runWithProjectNode(args) {
  return run(projectNode, ['--conditions=@endwell/source', ...args]);
}

/**
 * npm hands TERM on to us alone, so it is passed on. Ctrl-C goes to the whole group: the child has it already,
 * and a second one would force it to end in disorder. Closing the channel to it asks for the same and can be
 * repeated.
 */
export function supervise(child, program) {
  return new Promise((resolve, reject) => {
    const passOn = (signal) => child.kill(signal);
    const leaveToChild = () => {
      if (child.connected) child.disconnect();
    };
    process.on('SIGTERM', passOn);
    process.on('SIGHUP', passOn);
    process.on('SIGINT', leaveToChild);
    const settle = () => {
      process.off('SIGTERM', passOn);
      process.off('SIGHUP', passOn);
      process.off('SIGINT', leaveToChild);
    };
    child.once('error', (error) => {
      settle();
      reject(new Error(`Cannot start ${program}: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      settle();
      resolve(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** Whoever called `npm start` may be gone before we are ready: then nothing is started any more. */
export function assertStillOwned() {
  if (process.ppid !== startedBy)
    throw new Error('The process that started this has ended; nothing was started.');
}
const startedBy = ppid;
