import type { SimulationRandom } from './simulation-random.ts';
import type { SimulationWorld } from './simulation-world.ts';

/** What can happen to the world besides its operations, and how often of a thousand times. */
export const disturbances: Readonly<Record<string, number>> = {
  time: 700,
  'long time': 60,
  'clock set back': 15,
  'clock set forward': 15,
  suspend: 15,
  stop: 40,
  continue: 60,
  crash: 50,
  exit: 20,
  'owner killed': 20,
  reboot: 5,
};

/** How far a clock is moved at most. */
const maxJumpMs = 4_000;
/** The guardian's longest wait after failures, which come one at a time here. */
const failureDelayMs = 60_000;

/** Does one; returns by how much an end may be late because of it. */
export async function disturb(
  kind: string,
  { random, world }: { readonly random: SimulationRandom; readonly world: SimulationWorld },
): Promise<number> {
  const { machine, services, owners, tasks, history } = world;
  const service = services[random.below(services.length)];
  if (service === undefined) return 0;
  world.disturbed(kind);
  switch (kind) {
    case 'time':
      machine.advance(random.below(12));
      return 0;
    case 'long time':
      machine.advance(random.below(1_500));
      return 0;
    case 'clock set back':
      machine.jump(-random.below(maxJumpMs));
      history.forgetShown();
      return failureDelayMs;
    case 'clock set forward':
    case 'suspend':
      machine.jump(random.below(maxJumpMs));
      return failureDelayMs;
    case 'stop':
      service.process.stopped = true;
      return 0;
    case 'continue':
      for (const { process } of services) process.stopped = false;
      tasks.release();
      return 0;
    case 'crash':
      if (service.closing) return 0;
      await world.crash(service);
      return 0;
    case 'exit':
      if (!service.closing) world.exit(service);
      return 0;
    case 'owner killed':
      world.killOwner(random.below(owners.length));
      return 0;
    case 'reboot':
      await world.reboot();
      return 0;
    default:
      throw new Error(`there is no disturbance ${kind}`);
  }
}
