import type { SimulationRandom } from './simulation-random.ts';
import type { SimulationWorld } from './simulation-world.ts';

/** What can happen to the world besides its operations, and how often of a thousand times. */
export const disturbances: Readonly<Record<string, number>> = {
  time: 700,
  'long time': 60,
  'wall clock set': 30,
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

/** Does one; true when the clock moved without time passing, or the other way round. */
export async function disturb(
  kind: string,
  { random, world }: { readonly random: SimulationRandom; readonly world: SimulationWorld },
): Promise<boolean> {
  const { machine, services, owners, tasks, history } = world;
  const service = services[random.below(services.length)];
  if (service === undefined) return false;
  world.disturbed(kind);
  switch (kind) {
    case 'time':
      machine.advance(random.below(12));
      return false;
    case 'long time':
      machine.advance(random.below(1_500));
      return false;
    case 'wall clock set':
      machine.setWall(random.below(2 * maxJumpMs) - maxJumpMs);
      return false;
    case 'clock set back':
      machine.jump(-random.below(maxJumpMs));
      history.forgetShown();
      return true;
    case 'clock set forward':
    case 'suspend':
      machine.jump(random.below(maxJumpMs));
      return true;
    case 'stop':
      service.process.stopped = true;
      return false;
    case 'continue':
      for (const { process } of services) process.stopped = false;
      tasks.release();
      return false;
    case 'crash':
      if (service.closing) return false;
      await world.crash(service);
      return false;
    case 'exit':
      if (!service.closing) world.exit(service);
      return false;
    case 'owner killed':
      world.killOwner(random.below(owners.length));
      return false;
    case 'reboot':
      await world.reboot();
      return false;
    default:
      throw new Error(`there is no disturbance ${kind}`);
  }
}
