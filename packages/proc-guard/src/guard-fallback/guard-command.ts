import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';

import { appendGuardCookie, guardCookieName } from '../cookie/guard-cookie.ts';
import { errnoCode } from '../errors/errno-code.ts';
import { parseIdentity } from '../identity/process-identity.ts';
import { currentIdentity } from '../identity/read-identity.ts';
import { endTree } from './end-tree.ts';

export interface GuardCommandOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly stdio: StdioOptions;
  readonly graceMs: number;
  /** The text form of the identity whose end is the tree's. */
  readonly owner: string;
  /** A process group of its own; not for a command that reads a terminal. */
  readonly ownGroup: boolean;
}

export type CommandExit = { readonly code: number } | { readonly signal: NodeJS.Signals };

export interface CommandGuard {
  readonly child: ChildProcess;
  /** Settles when the command and what is left of its tree have ended. */
  readonly finished: Promise<CommandExit>;
  /** TERM, grace, KILL. */
  end(): void;
  /** TERM to the command, and the end of the tree if it is still there after the grace. */
  terminate(signal: NodeJS.Signals): void;
}

/** Runs a command and ends its whole tree with it: the guard where there is no native helper. */
export function guardCommand(options: GuardCommandOptions): CommandGuard {
  const self = currentIdentity();
  const cookie = { owner: parseIdentity(options.owner), guardPid: self.pid, guardStartTime: self.startTime };
  const env = { ...process.env, [guardCookieName]: appendGuardCookie(process.env[guardCookieName], cookie) };
  const child = spawn(options.command, [...options.args], {
    stdio: options.stdio,
    env,
    detached: options.ownGroup && process.platform !== 'win32',
    windowsHide: true,
  });

  let ending: Promise<void> | undefined;
  const end = (graceMs = options.graceMs): Promise<void> => {
    ending ??= endTree({ rootPid: child.pid, ownGroup: options.ownGroup, cookie, graceMs });
    return ending;
  };

  const exit = new Promise<CommandExit>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve(signal === null ? { code: code ?? 1 } : { signal }));
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      if (errnoCode(error) === 'ENOENT') resolve({ code: 127 });
      else if (errnoCode(error) === 'EACCES') resolve({ code: 126 });
      else reject(error);
    });
  });

  return {
    child,
    finished: exit.then(async (result) => {
      await end();
      return result;
    }),
    end: () => void end(),
    terminate: (signal) => {
      if (signal === 'SIGINT') child.kill(signal);
      else void end();
    },
  };
}
