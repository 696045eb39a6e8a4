import { runSteps } from './run-steps.ts';
import type { SimulationWorld } from './simulation-world.ts';
import { ensure } from './simulation-violation.ts';

export interface SettleOptions {
  readonly world: SimulationWorld;
  /** Does one task. */
  readonly step: () => void | Promise<void>;
  /** How late an end may be: at a deadline after the clock moved, and in all after the store failed. */
  readonly allowedDelayMs: { readonly deadline: number; readonly ownerDeath: number };
}

/**
 * Leaves the world alone until nothing happens any more. From then on, what is past its deadline
 * or has lost its owner must have ended, without anybody asking, and one timer stands for the rest.
 */
export async function settleWorld({ world, step, allowedDelayMs }: SettleOptions): Promise<void> {
  const { machine, tasks, history, services } = world;
  const quiet = (): boolean => tasks.size === 0 || world.problem !== undefined;
  const rest = (): Promise<void> => runSteps(step, quiet);

  for (const { process } of services) process.stopped = false;
  tasks.release();
  await rest();
  // One whose opening failed is opened by the next call.
  for (const service of services) world.operate(service, 'counts');
  await rest();
  for (let delayMs = 0; world.problem === undefined && history.overdue().length > 0;) {
    const late = history.overdue()[0];
    const orphan = history.overdue().find(({ owner }) => owner !== null && machine.isSeenDead(owner));
    const allowed = orphan === undefined ? allowedDelayMs.deadline : allowedDelayMs.ownerDeath;
    const next = machine.untilNextTimer();
    ensure(next !== undefined, () => `nothing is left that would end ${late?.id}`);
    delayMs += next;
    ensure(
      delayMs <= allowed,
      () => `session ${(orphan ?? late)?.id} is still active ${delayMs} ms after its end was due`,
    );
    machine.advance(next);
    await rest();
  }
  for (const { process } of services) {
    const expected = history.activeCount() > 0 ? 1 : 0;
    ensure(
      world.problem !== undefined || process.timerCount <= 1,
      () => `a manager has set ${process.timerCount} timers`,
    );
    ensure(
      world.problem !== undefined || process.timerCount >= expected,
      () => `a manager waits for no deadline, and ${history.activeCount()} sessions are active`,
    );
  }
  if (world.problem !== undefined) throw world.problem;
}
