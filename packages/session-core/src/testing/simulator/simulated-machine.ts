import { formatIdentity, type ProcessIdentity } from '@endwell/proc-guard';

import type { Clock, ClockTimer } from '../../clock/clock.ts';
import type { OwnerWatch, Surroundings } from '../../owner/surroundings.ts';
import type { SimulationRandom } from './simulation-random.ts';
import type { TaskQueue } from './task-queue.ts';

/** A process of the simulated machine. */
export interface SimulatedProcess {
  readonly number: number;
  readonly identity: ProcessIdentity;
  /** The text form of the identity. */
  readonly owner: string;
  /** Stopped as by SIGSTOP: nothing of it runs until it goes on. */
  stopped: boolean;
  alive: boolean;
  readonly clock: Clock;
  readonly surroundings: Surroundings;
  /** How many timers of its clock are set. */
  readonly timerCount: number;
}

/** Processes, their deaths, and the time of one machine. */
export interface SimulatedMachine {
  readonly now: number;
  /** In a namespace of its own a process can be looked at by nobody. */
  startProcess(hidden?: boolean): SimulatedProcess;
  kill(process: SimulatedProcess): void;
  /** Whether this owner has really died. */
  isDead(owner: string): boolean;
  /** Whether somebody on this machine can know that it has. */
  isSeenDead(owner: string): boolean;
  /** Time passes; what becomes due is queued. */
  advance(byMs: number): void;
  /** The clock is set, or the machine slept: timers stand still. */
  jump(byMs: number): void;
  /** The clock on the wall is set; that of deadlines goes on. */
  setWall(byMs: number): void;
  /** Everything dies and the machine starts again. */
  reboot(): void;
  /** How long until the next timer of a living process; undefined when none is set. */
  untilNextTimer(): number | undefined;
}

interface Timer {
  readonly at: number;
  readonly process: SimulatedProcess;
  readonly callback: () => void;
  readonly ofClock: boolean;
}

interface Watch {
  readonly process: SimulatedProcess;
  readonly listener: (end: { readonly state: 'dead' }) => void;
}

const visibleNamespace = 1;
const hiddenNamespace = 2;

export function createSimulatedMachine(random: SimulationRandom, tasks: TaskQueue): SimulatedMachine {
  /** Time that stands still while the machine sleeps, on which timers run. */
  let awakeMs = 0;
  let now = 1_700_000_000_000;
  let aheadOfWallMs = 0;
  let boot = 1;
  let lastPid = 100;
  const timers = new Set<Timer>();
  const living = new Map<string, SimulatedProcess>();
  const dead = new Set<string>();
  const watches = new Map<string, Set<Watch>>();

  const bootId = (): string => `00000000-0000-4000-8000-${String(boot).padStart(12, '0')}`;

  const setTimer = (
    process: SimulatedProcess,
    callback: () => void,
    delayMs: number,
    ofClock: boolean,
  ): ClockTimer => {
    const timer = { at: awakeMs + Math.max(0, Math.ceil(delayMs)), process, callback, ofClock };
    timers.add(timer);
    return { cancel: () => void timers.delete(timer) };
  };

  const isAlive: Surroundings['isAlive'] = (identity) => {
    if (identity.pidNamespace === hiddenNamespace) return 'unknown';
    return living.has(formatIdentity(identity)) ? 'alive' : 'dead';
  };

  const watchProcess = (
    process: SimulatedProcess,
    identity: ProcessIdentity,
    listener: Watch['listener'],
  ): OwnerWatch => {
    const owner = formatIdentity(identity);
    const watch = { process, listener };
    const all = watches.get(owner) ?? new Set();
    watches.set(owner, all.add(watch));
    if (!living.has(owner)) tell(owner);
    return { close: () => void all.delete(watch), describe: () => ({ layer: 'simulated' }) };
  };

  const tell = (owner: string): void => {
    const all = watches.get(owner) ?? new Set();
    for (const watch of all) {
      tasks.add(watch.process, 'death', () => {
        if (all.delete(watch)) watch.listener({ state: 'dead' });
      });
    }
  };

  const randomHex = (digits: number): string =>
    random
      .below(16 ** digits)
      .toString(16)
      .padStart(digits, '0');

  const machine: SimulatedMachine = {
    get now() {
      return now;
    },
    startProcess(hidden = false) {
      lastPid += 1;
      const identity = {
        bootId: bootId(),
        pidNamespace: hidden ? hiddenNamespace : visibleNamespace,
        pid: lastPid,
        startTime: lastPid,
      };
      const process: SimulatedProcess = {
        number: lastPid,
        identity,
        owner: formatIdentity(identity),
        stopped: false,
        alive: true,
        clock: {
          now: () => now,
          aheadOfWallMs: () => aheadOfWallMs,
          setTimer: (callback, delayMs) => setTimer(process, callback, delayMs, true),
        },
        surroundings: {
          self: () => identity,
          isAlive,
          isExiting: (owner) => isAlive(owner) === 'dead',
          watchProcess: (owner, listener) => watchProcess(process, owner, listener),
          setShortTimer: (callback, delayMs) => setTimer(process, callback, delayMs, false),
          createSessionId: () => `ses_${randomHex(8)}${randomHex(8)}`,
        },
        get timerCount() {
          return [...timers].filter((timer) => timer.process === process && timer.ofClock).length;
        },
      };
      living.set(process.owner, process);
      return process;
    },
    kill(process) {
      if (!process.alive) return;
      process.alive = false;
      living.delete(process.owner);
      dead.add(process.owner);
      for (const timer of timers) if (timer.process === process) timers.delete(timer);
      for (const all of watches.values()) {
        for (const watch of all) if (watch.process === process) all.delete(watch);
      }
      tell(process.owner);
    },
    isDead: (owner) => dead.has(owner),
    isSeenDead: (owner) =>
      dead.has(owner) && (!owner.includes(`:${hiddenNamespace}:`) || !owner.startsWith(bootId())),
    advance(byMs) {
      awakeMs += byMs;
      now += byMs;
      for (const timer of timers) {
        if (timer.at > awakeMs) continue;
        timers.delete(timer);
        tasks.add(timer.process, 'timer', timer.callback);
      }
    },
    jump(byMs) {
      now += byMs;
    },
    setWall(byMs) {
      aheadOfWallMs -= byMs;
    },
    reboot() {
      for (const process of living.values()) machine.kill(process);
      boot += 1;
    },
    untilNextTimer() {
      let next: number | undefined;
      for (const { at } of timers) next = Math.min(next ?? at, at);
      return next === undefined ? undefined : Math.max(0, next - awakeMs);
    },
  };
  return machine;
}
