import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { createProcessTracker, type TrackedProcess } from '../../support/process-tracker.ts';
import { helperPath } from './native-helper.ts';
import { createRandom, type Random } from './random.ts';
import { readOutput } from './run-command.ts';
import type { TestPrograms } from './test-programs.ts';

export type Victim = 'client' | 'guard';

export interface TreeTrial {
  readonly seed: number;
  readonly programs: TestPrograms;
  readonly flags: readonly string[];
  /** Who is killed with SIGKILL, at a random moment. */
  readonly victim: Victim;
}

/** At any point: while it is built, as soon as it is complete, or while it does what it does. */
async function untilRandomMoment(random: Random, untilReady: () => Promise<unknown>): Promise<void> {
  const moment = random.below(3);
  if (moment > 0) await untilReady();
  if (moment !== 1) await delay(random.below(25));
}

/** Builds a random tree under a guard, kills, and gives back what is left after `deadlineMs`. */
export async function runTreeTrial(
  trial: TreeTrial,
  deadlineMs = 20_000,
): Promise<readonly TrackedProcess[]> {
  const random = createRandom(trial.seed);
  await using tracker = createProcessTracker();
  const size = String(1 + random.below(25));
  const tree = [trial.programs.path('random-tree'), String(trial.seed), size];
  const grace = ['--grace-ms', String(random.below(2) * random.below(40))];
  const guard = [helperPath, 'run', '--parent', '{client}', ...grace, ...trial.flags];
  const child = spawn(trial.programs.path('client'), [...guard, '--', ...tree], {
    env: tracker.env,
    // A client that dies before its guard has looked leaves a message; that is no failure.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  const output = readOutput(child);
  const [, guardPid] = await output.until(/^started (\d+)$/m);
  await untilRandomMoment(random, () => output.until(/^ready$/m));
  if (trial.victim === 'client') child.kill('SIGKILL');
  else process.kill(Number(guardPid), 'SIGKILL');
  const deadline = new AbortController();
  await Promise.race([closed, delay(deadlineMs, undefined, { signal: deadline.signal })]);
  deadline.abort();
  return untilGone(() => tracker.living(), deadlineMs);
}

async function untilGone(
  living: () => readonly TrackedProcess[],
  deadlineMs: number,
): Promise<readonly TrackedProcess[]> {
  const until = performance.now() + deadlineMs;
  for (;;) {
    const left = living();
    if (left.length === 0 || performance.now() > until) return left;
    await delay(5);
  }
}
