import { createSessionManagerIn } from '../../manager/create-session-manager.ts';
import type { SessionManager } from '../../manager/session-manager.ts';
import type { SessionStore } from '../../store/session-store.ts';
import type { StoreFixture } from '../contract/contract-context.ts';
import { createParkingStore, type ParkingStore } from './parking-store.ts';
import { createSimulatedClient, type SimulatedClient } from './simulated-client.ts';
import { createSimulatedMachine, type SimulatedMachine, type SimulatedProcess } from './simulated-machine.ts';
import { createSimulationHistory, type SimulationHistory } from './simulation-history.ts';
import type { SimulationRandom } from './simulation-random.ts';
import { ensure, SimulationViolation } from './simulation-violation.ts';
import { createTaskQueue, type TaskQueue } from './task-queue.ts';

/** A process that runs a manager. */
export interface SimulatedService {
  readonly process: SimulatedProcess;
  readonly manager: SessionManager;
  readonly client: SimulatedClient;
  readonly parking: ParkingStore;
  /** How many operations have not been answered. */
  inFlight: number;
  closing: boolean;
}

/** One machine with one store, some services on it, and whatever happens to them. */
export interface SimulationWorld {
  readonly machine: SimulatedMachine;
  readonly tasks: TaskQueue;
  readonly history: SimulationHistory;
  readonly services: readonly SimulatedService[];
  readonly owners: readonly SimulatedProcess[];
  readonly faults: { failure: number; lostAcknowledgement: number };
  readonly counts: {
    readonly operations: Record<string, number>;
    readonly disturbances: Record<string, number>;
  };
  /** What went wrong outside any call that could be awaited. */
  readonly problem: unknown;
  operate(service: SimulatedService, operation: string): void;
  /** The service dies wherever it stands, and another takes its place. */
  crash(service: SimulatedService): Promise<void>;
  /** The service closes its manager and exits, and another takes its place. */
  exit(service: SimulatedService): void;
  killOwner(index: number): void;
  reboot(): Promise<void>;
  disturbed(kind: string): void;
  close(): Promise<void>;
}

export interface SimulationWorldOptions {
  readonly random: SimulationRandom;
  readonly managers: number;
  readonly fixture: StoreFixture;
  readonly inspector: SessionStore;
}

const ownerCount = 4;
/** Small enough to be reached. */
const quotas = { perOwner: 8, perProject: 15, perStore: 20 };

export function createSimulationWorld(options: SimulationWorldOptions): SimulationWorld {
  const { random, managers, fixture, inspector } = options;
  const tasks = createTaskQueue(random);
  const machine = createSimulatedMachine(random, tasks);
  const history = createSimulationHistory(inspector, machine, quotas);
  const faults = { failure: 0, lostAcknowledgement: 0 };
  const counts = { operations: {} as Record<string, number>, disturbances: {} as Record<string, number> };
  const injected = new WeakSet<object>();
  const recent: string[] = [];
  const services: SimulatedService[] = [];
  const owners: SimulatedProcess[] = [];
  let problem: unknown;

  const report = (error: unknown): void => {
    problem ??= error;
  };
  const isInjected = (error: unknown): boolean =>
    typeof error === 'object' && error !== null && injected.has(error);
  const disturbed = (kind: string): void => {
    counts.disturbances[kind] = (counts.disturbances[kind] ?? 0) + 1;
  };

  /** Every service that listens hears of a commit, once for many. */
  const ring = (): void => {
    for (const { process, parking } of services) {
      for (const listener of parking.listeners) tasks.add(process, 'bell', () => listener.wake());
    }
  };

  const startService = (): SimulatedService => {
    const process = machine.startProcess();
    const parking = createParkingStore({
      inner: fixture.open(),
      process,
      tasks,
      random,
      faults,
      async onApplied(step) {
        if (await history.check(step)) ring();
      },
      onFault(kind, error) {
        injected.add(error);
        disturbed(kind);
      },
    });
    const manager = createSessionManagerIn(process.surroundings, {
      store: parking.store,
      clock: process.clock,
      owner: process.identity,
      quotas,
      startRate: { perSecond: 40, burst: 25 },
    });
    manager.events.on('manager:error', ({ error, doing }) => {
      if (isInjected(error)) return;
      report(error instanceof SimulationViolation ? error : new Error(`${doing} failed`, { cause: error }));
    });
    const client = createSimulatedClient({
      manager,
      random,
      history,
      recent,
      owners: () => owners,
      isInjected,
    });
    const service = { process, manager, client, parking, inFlight: 0, closing: false };
    call(service, 'open', () => client.run('open'));
    if (random.chance(0.3)) void follow(manager).catch(report);
    return service;
  };

  /** The event log as a watcher sees it: nothing skipped, nothing twice. */
  const follow = async (manager: SessionManager): Promise<void> => {
    let last: number | undefined;
    try {
      for await (const { cursor } of manager.watch({ after: random.chance(0.5) ? 'start' : 'now' })) {
        const position = Number(cursor);
        ensure(
          last === undefined || position === last + 1,
          () => `a watch was told ${position} after ${last}`,
        );
        last = position;
      }
    } catch (error) {
      if (!isInjected(error)) throw error;
    }
  };

  const call = (service: SimulatedService, name: string, run: () => Promise<void>): void => {
    counts.operations[name] = (counts.operations[name] ?? 0) + 1;
    service.inFlight += 1;
    const settled = async (): Promise<void> => {
      try {
        await run();
      } catch (error) {
        if (!isInjected(error)) report(error);
      }
      service.inFlight -= 1;
    };
    void settled();
  };

  const replace = (service: SimulatedService): void => {
    services[services.indexOf(service)] = startService();
  };

  for (let index = 0; index < ownerCount; index += 1) owners.push(machine.startProcess(index === 0));
  for (let index = 0; index < managers; index += 1) services.push(startService());

  const world: SimulationWorld = {
    machine,
    tasks,
    history,
    services,
    owners,
    faults,
    counts,
    get problem() {
      return problem;
    },
    operate: (service, operation) => call(service, operation, () => service.client.run(operation)),
    async crash(service) {
      machine.kill(service.process);
      await service.parking.abandon();
      replace(service);
    },
    exit(service) {
      service.closing = true;
      call(service, 'close', async () => {
        await service.manager.close();
        machine.kill(service.process);
        replace(service);
      });
    },
    killOwner(index) {
      const owner = owners[index];
      if (owner === undefined) return;
      machine.kill(owner);
      owners[index] = machine.startProcess(index === 0);
    },
    async reboot() {
      machine.reboot();
      for (const { parking } of services) await parking.abandon();
      for (let index = 0; index < ownerCount; index += 1) owners[index] = machine.startProcess(index === 0);
      for (const service of services) replace(service);
    },
    disturbed,
    async close() {
      for (const { process, parking } of services) {
        machine.kill(process);
        await parking.abandon();
      }
    },
  };
  return world;
}
