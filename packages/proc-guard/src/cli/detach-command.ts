import { spawn } from 'node:child_process';

import { guardCookieName } from '../cookie/guard-cookie.ts';
import { detachedMarkName } from '../cookie/detached-mark.ts';
import { errnoCode } from '../errors/errno-code.ts';
import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { findHelper } from '../helper/find-helper.ts';
import { becomeHelper } from './become-helper.ts';
import type { CliCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { parseFlags } from './parse-flags.ts';

// Word for word what the native helper prints, which answers for itself where it is installed.
const help = `Usage: proc-guard detach [--] command [arguments…]

Starts what is meant to outlive its starter: in a session of its own and without the guard's
cookie, so that no guard ends it and reap never touches it. (The containments namespace and
cgroup end it all the same: the kernel makes no exceptions.)

It becomes the command, as setsid does. Typed into a shell it returns at once; in a script it
returns when the command ends, so put an & behind it there. Stdio stays as it is: send it to a
file, or the command keeps its starter's terminal or pipe open.

Examples:
  proc-guard detach -- redis-server >redis.log 2>&1 </dev/null &

Exit codes: the command's own, or 0 where it returns at once; 2 wrong flag, 126 cannot be
executed, 127 command not found.
`;

export const detachCommand: CliCommand = {
  name: 'detach',
  summary: 'start a command that is meant to outlive its starter',
  help,
  run: async (args, context) => {
    const helper = findHelper();
    if (helper.path !== undefined) return becomeHelper(helper.path, ['detach', ...args], context);
    const [command, ...rest] = parseFlags('detach', args, { stopAtFirstWord: true }).words;
    if (command === undefined || command === '') {
      throw new ProcGuardError(
        'USAGE',
        'detach: there is no command to start (see proc-guard detach --help)',
      );
    }
    const { [guardCookieName]: _cookie, ...env } = context.env;
    const child = spawn(command, rest, {
      stdio: 'inherit',
      detached: true,
      env: { ...env, [detachedMarkName]: '1' },
    });
    return new Promise((resolve) => {
      child.once('spawn', () => {
        child.unref();
        resolve(exitCodes.ok);
      });
      child.once('error', (error) => {
        const missing = errnoCode(error) === 'ENOENT';
        context.stderr(`proc-guard: ${command}: ${missing ? 'command not found' : error.message}\n`);
        resolve(missing ? exitCodes.notFound : exitCodes.notExecutable);
      });
    });
  },
};
