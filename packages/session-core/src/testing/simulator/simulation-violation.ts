/** A promise that was broken in a simulation. */
export class SimulationViolation extends Error {
  override readonly name = 'SimulationViolation';
}

export function ensure(holds: boolean, problem: () => string): asserts holds {
  if (!holds) throw new SimulationViolation(problem());
}
