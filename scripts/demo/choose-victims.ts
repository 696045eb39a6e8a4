import { randomInt } from 'node:crypto';

/** A random half of the agents, by number. */
export function chooseVictims(agents: number): readonly number[] {
  const left = Array.from({ length: agents }, (_, index) => index + 1);
  return Array.from({ length: Math.floor(agents / 2) }, () => left.splice(randomInt(left.length), 1)).flat();
}
