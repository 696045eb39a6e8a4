import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { boundedNumber } from '../options/bounded-number.ts';

export interface SpawnGovernorOptions {
  /**
   * How many children may live at a time.
   *
   * @defaultValue 32
   */
  readonly maxActive?: number;
  /**
   * How many may be started per second in the long run.
   *
   * @defaultValue 5
   */
  readonly maxPerSecond?: number;
  /**
   * How many may be started at once after a pause.
   *
   * @defaultValue 10
   */
  readonly burst?: number;
  /**
   * Milliseconds on a clock that never goes back.
   *
   * @defaultValue performance.now
   */
  readonly now?: () => number;
}

/** No child was started. */
export class SpawnRefusedError extends ProcGuardError {
  override readonly name = 'SpawnRefusedError';
  readonly reason: 'active' | 'rate';
  /** After how long the rate allows one again; undefined when a child has to end first. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: 'active' | 'rate', retryAfterMs: number | undefined, limit: number) {
    super(
      'SPAWN_REFUSED',
      reason === 'active'
        ? `${limit} children are running, and no more are allowed`
        : `children are being started too fast; try again in ${Math.ceil(retryAfterMs ?? 0)} ms`,
    );
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The brake against cascades: one governor for a whole process, given to every `spawnGuarded` and
 * supervisor in it, refuses what would be too many children or too fast.
 */
export interface SpawnGovernor {
  readonly active: number;
  /** How many were started, and how many refused, since the governor exists. */
  readonly started: number;
  readonly refused: number;
  /**
   * Counts one child in and returns its release, which counts once.
   *
   * @throws SpawnRefusedError when it is one too many, or too early.
   */
  admit(): () => void;
}

export function createSpawnGovernor(options: SpawnGovernorOptions = {}): SpawnGovernor {
  const maxActive = boundedNumber('maxActive', options.maxActive, {
    fallback: 32,
    min: 1,
    max: 10_000,
    integer: true,
  });
  const maxPerSecond = boundedNumber('maxPerSecond', options.maxPerSecond, {
    fallback: 5,
    min: 0.001,
    max: 1_000,
  });
  const burst = boundedNumber('burst', options.burst, { fallback: 10, min: 1, max: 10_000, integer: true });
  const now = options.now ?? (() => performance.now());
  let tokens = burst;
  let refilledAt = now();
  let active = 0;
  let started = 0;
  let refused = 0;

  const refuse = (reason: 'active' | 'rate', retryAfterMs: number | undefined): never => {
    refused += 1;
    throw new SpawnRefusedError(reason, retryAfterMs, maxActive);
  };

  return {
    get active() {
      return active;
    },
    get started() {
      return started;
    },
    get refused() {
      return refused;
    },
    admit: () => {
      const time = now();
      tokens = Math.min(burst, tokens + (Math.max(0, time - refilledAt) * maxPerSecond) / 1_000);
      refilledAt = time;
      if (active >= maxActive) refuse('active', undefined);
      if (tokens < 1) refuse('rate', ((1 - tokens) / maxPerSecond) * 1_000);
      tokens -= 1;
      active += 1;
      started += 1;
      let released = false;
      return () => {
        if (released) return;
        released = true;
        active -= 1;
      };
    },
  };
}
