import type { ChildProcess, StdioOptions } from 'node:child_process';

import type { SpawnGovernor } from '../governor/spawn-governor.ts';

/**
 * `tree`: the kernel ends the command with its guard, the guard ends the rest. `namespace`: a pid
 * namespace, whose end the kernel makes the end of all. `cgroup`: a delegated cgroup. `auto`:
 * `cgroup` where it can be had, else `tree`.
 */
export type Containment = 'tree' | 'namespace' | 'cgroup' | 'auto';

export interface SpawnGuardedOptions {
  readonly cwd?: string | URL;
  /** @defaultValue process.env */
  readonly env?: NodeJS.ProcessEnv;
  /**
   * As for `child_process.spawn`. Without `ipc`.
   *
   * @defaultValue 'pipe'
   */
  readonly stdio?: StdioOptions;
  /**
   * How long the tree has between TERM and KILL.
   *
   * @defaultValue 700
   */
  readonly graceMs?: number;
  /** @defaultValue 'tree' */
  readonly contain?: Containment;
  /** Ends the tree, as `stop()` does. */
  readonly signal?: AbortSignal;
  /** Counts this child, and may refuse it. */
  readonly governor?: SpawnGovernor;
}

export interface GuardedExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GuardDescription {
  /** `native`: the kernel does it. `fallback`: a Node program does, and is weaker; see `gaps`. */
  readonly guard: 'native' | 'fallback';
  readonly contain: Containment;
  /** What can escape, in sentences. */
  readonly gaps: readonly string[];
}

export interface GuardedProcess {
  /** The pid of the guard, which is the tree's root; undefined when it could not be started. */
  readonly pid: number | undefined;
  readonly stdin: ChildProcess['stdin'];
  readonly stdout: ChildProcess['stdout'];
  readonly stderr: ChildProcess['stderr'];
  readonly stdio: ChildProcess['stdio'];
  /**
   * Settles when the whole tree has ended, with the command's exit; 127 when there is no such
   * command, 126 when it cannot be executed. Rejects with `SPAWN_FAILED` when the guard itself
   * could not be started.
   */
  readonly exited: Promise<GuardedExit>;
  /** Sends a signal to the command. False when it has ended. */
  kill(signal?: NodeJS.Signals): boolean;
  /** TERM to the tree, KILL after `graceMs`. The same promise for every call. */
  stop(): Promise<GuardedExit>;
  describe(): GuardDescription;
  [Symbol.asyncDispose](): Promise<void>;
}
