import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { env, ppid, stdout } from 'node:process';
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

/**
 * Runs a program to its end and answers with its exit code, 128 + n for a signal, as a shell does.
 * A terminal sends Ctrl-C to the whole group, and npm passes TERM on to us alone: so the first is
 * left to the child, and the second is handed on.
 */
export function run(program, args, options = {}) {
  return supervise(
    spawn(program, args, { cwd: root, env: projectEnv, stdio: 'inherit', ...options }),
    program,
  );
}

export function runWithProjectNode(args) {
  return run(projectNode, ['--conditions=@endwell/source', ...args]);
}

export function supervise(child, program) {
  return new Promise((resolve, reject) => {
    const handOn = (signal) => child.kill(signal);
    const leaveToChild = () => {
      // Without a terminal nobody but us was told.
      if (!stdout.isTTY) child.kill('SIGINT');
    };
    process.on('SIGTERM', handOn);
    process.on('SIGHUP', handOn);
    process.on('SIGINT', leaveToChild);
    const settle = () => {
      process.off('SIGTERM', handOn);
      process.off('SIGHUP', handOn);
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
