import type { CreateFixture } from '../contract/contract-context.ts';
import { disturb, disturbances } from './disturbances.ts';
import { runSteps } from './run-steps.ts';
import { settleWorld } from './settle-world.ts';
import { simulationRandom, type SimulationRandom } from './simulation-random.ts';
import type { SimulationReport } from './simulation-report.ts';
import { createSimulationWorld } from './simulation-world.ts';

export interface SimulateOptions {
  /** A whole number; the same one gives the same run, step by step. */
  readonly seed: number;
  /** How many things happen in all: a step of the store, an answer, a timer, an operation begun. */
  readonly steps: number;
  /**
   * How many processes with a manager share the store.
   *
   * @defaultValue 3
   */
  readonly managers?: number;
  /** Makes an empty store, as for `storeContract`; called once per episode. */
  readonly store: CreateFixture;
  /**
   * After how many steps everything begins anew.
   *
   * @defaultValue 5,000
   */
  readonly episodeSteps?: number;
}

const traceLength = 60;
const settleEvery = 1_000;
const maxViolations = 5;
const maxInFlight = 3;
/** The guardian's longest wait after failures, and the longest wait for a deadline here. */
const maxDelayMs = 60_000;

/**
 * Drives the shipped manager over a store through chance: every await of several managers can be
 * delayed, lost, or be the last thing its process ever did, while clocks jump, machines sleep and
 * owners die. After each step the store's whole history is checked against the promises.
 *
 * The store's `open` gives one handle per process; steps are applied one at a time, so that any
 * order in which they could be committed can come about, and a seed repeats it.
 */
export async function simulate(options: SimulateOptions): Promise<SimulationReport> {
  const { seed, steps, managers = 3, store, episodeSteps = 5_000 } = options;
  const total = {
    seed,
    steps: 0,
    episodes: 0,
    sessions: 0,
    ends: {} as Record<string, number>,
    operations: {} as Record<string, number>,
    disturbances: {} as Record<string, number>,
    violations: [] as Violation[],
  };
  let digest = 0;
  while (total.steps < steps && total.violations.length < maxViolations) {
    const episodeSeed = (seed + total.episodes) >>> 0;
    const episode = await runEpisode({
      seed: episodeSeed,
      steps: Math.min(episodeSteps, steps - total.steps),
      managers,
      store,
    });
    total.episodes += 1;
    total.steps += episode.steps;
    total.sessions += episode.sessions;
    add(total.ends, episode.ends);
    add(total.operations, episode.operations);
    add(total.disturbances, episode.disturbances);
    digest = mix(digest, episode.digest);
    if (episode.violation !== undefined) {
      total.violations.push({ seed: episodeSeed, steps: episode.steps, ...episode.violation });
    }
  }
  return { ...total, digest: digest.toString(16).padStart(8, '0') };
}

type Violation = SimulationReport['violations'][number];

interface Episode extends Pick<
  SimulationReport,
  'steps' | 'sessions' | 'ends' | 'operations' | 'disturbances'
> {
  readonly digest: number;
  readonly violation: Pick<Violation, 'problem' | 'trace' | 'error'> | undefined;
}

async function runEpisode(
  options: Required<Pick<SimulateOptions, 'seed' | 'steps' | 'managers' | 'store'>>,
): Promise<Episode> {
  const random = simulationRandom(options.seed);
  const fixture = await options.store();
  const inspector = fixture.open();
  await inspector.open();
  const world = createSimulationWorld({ random, managers: options.managers, fixture, inspector });
  const trace: string[] = [];
  let taken = 0;
  let digest = options.seed;
  let failed = false;
  let failedBefore = false;
  /** Timers that were set before the clock moved are late until they are set again. */
  let moved = false;

  const note = (process: number, what: string): void => {
    const position = taken % traceLength;
    trace[position] = `${taken} +${world.machine.now % 10_000_000} process ${process}: ${what}`;
    for (let index = 0; index < what.length; index += 1) digest = mix(digest, what.charCodeAt(index));
    digest = mix(digest, process);
    taken += 1;
  };
  const doTask = (): void | Promise<void> => {
    const task = world.tasks.take();
    if (task === undefined) return undefined;
    note(task.process.number, task.kind);
    return task.run();
  };
  const choose = async (): Promise<void> => {
    const service = world.services[random.below(world.services.length)];
    if (service === undefined) return;
    const free = service.inFlight < maxInFlight && !service.closing && !service.process.stopped;
    if (free && random.chance(0.6)) {
      const operation = chooseWeighted(random, operations);
      note(service.process.number, operation);
      world.operate(service, operation);
      return;
    }
    const kind = chooseWeighted(random, disturbances);
    note(service.process.number, kind);
    moved = (await disturb(kind, { random, world })) || moved;
  };
  const step = (): void | Promise<void> => {
    if (world.tasks.size === 0 || random.chance(0.12)) return choose();
    return doTask();
  };

  let violation: Episode['violation'];
  try {
    while (taken < options.steps) {
      const until = Math.min(options.steps, taken + settleEvery);
      world.faults.failure = random.chance(0.5) ? 0.01 : 0;
      world.faults.lostAcknowledgement = world.faults.failure;
      // The wait after a failure may last into the next part.
      failed = failedBefore || world.faults.failure > 0;
      failedBefore = world.faults.failure > 0;
      await runSteps(step, () => taken >= until || world.problem !== undefined);
      if (world.problem !== undefined) throw world.problem;
      world.faults.failure = 0;
      world.faults.lostAcknowledgement = 0;
      await settleWorld({
        world,
        step: doTask,
        allowedDelayMs: {
          deadline: moved || failed ? maxDelayMs : 0,
          ownerDeath: failed ? maxDelayMs : 0,
        },
      });
    }
    const { ok, problems } = await inspector.integrityCheck();
    if (!ok) throw new Error(problems.join('; '));
  } catch (error) {
    const from = taken % traceLength;
    const last = [...trace.slice(from), ...trace.slice(0, from)];
    violation = { problem: describe(error), trace: last, error };
  } finally {
    await world.close();
    await inspector.close();
    await fixture.dispose();
  }
  const { history, counts } = world;
  return { steps: taken, sessions: history.sessions.size, ends: history.ends, ...counts, digest, violation };
}

const operations: Readonly<Record<string, number>> = {
  start: 220,
  touch: 120,
  record: 200,
  end: 100,
  terminate: 30,
  endOwned: 10,
  importSession: 40,
  recordByExternalId: 60,
  get: 90,
  list: 30,
  entries: 30,
  children: 15,
  counts: 15,
  sweep: 20,
};

function chooseWeighted(random: SimulationRandom, weights: Readonly<Record<string, number>>): string {
  let rest = random.below(sum(weights));
  for (const [name, weight] of Object.entries(weights)) {
    rest -= weight;
    if (rest < 0) return name;
  }
  throw new Error('no weight was chosen');
}

function sum(weights: Readonly<Record<string, number>>): number {
  return Object.values(weights).reduce((total, weight) => total + weight, 0);
}

/** Without a stack, so that two runs can be compared. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}

function add(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(from)) into[name] = (into[name] ?? 0) + count;
}

/** The step of the hash FNV-1a. */
function mix(digest: number, value: number): number {
  return Math.imul(digest ^ value, 0x0100_0193) >>> 0;
}
