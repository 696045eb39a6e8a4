import type { Readable } from 'node:stream';
import type { LivingProcess } from './process-survey.ts';

/** The environment entry that every process of one run inherits. */
export const markVariable = 'ENDWELL_DEMO';

export interface Leftovers {
  readonly processes: readonly LivingProcess[];
  /** Each way of counting, and what it found. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A command that is watched from outside. */
export interface Observation {
  /** What the command prints. */
  readonly output: Readable;
  /** Resolves with the command's exit code, null for a signal. */
  readonly exited: Promise<number | null>;
  /** True as soon as nothing of the command's tree is left, false after the deadline. */
  settled(deadlineMs: number): Promise<boolean>;
  leftovers(): Leftovers;
  /** Ends what is left, whatever it is. Idempotent. */
  end(): Promise<void>;
}

export interface ObserveOptions {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The value of the environment entry. */
  readonly mark: string;
}
