import type { ChildProcess } from 'node:child_process';

import type { Containment, GuardDescription, SpawnGuardedOptions } from './guarded-process.ts';

export interface GuardSettings {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: SpawnGuardedOptions;
  readonly graceMs: number;
  readonly contain: Containment;
}

export interface StartedGuard {
  readonly child: ChildProcess;
  readonly description: GuardDescription;
  /** Closes what ties the guard to us besides the signal. */
  readonly letGo: () => void;
}

export function processOptions(options: SpawnGuardedOptions): {
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
