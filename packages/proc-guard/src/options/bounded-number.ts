import { ProcGuardError } from '../errors/proc-guard-error.ts';

export interface NumberBounds {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}

/** Checks one numeric option: finite, within its bounds, whole where it must be. */
export function boundedNumber(name: string, value: number | undefined, bounds: NumberBounds): number {
  if (value === undefined) return bounds.fallback;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new ProcGuardError('INVALID_OPTIONS', `${name} must be a finite number, not ${String(value)}`, {
      option: name,
    });
  }
  if (bounds.integer === true && !Number.isInteger(value)) {
    throw new ProcGuardError('INVALID_OPTIONS', `${name} must be a whole number, not ${value}`, {
      option: name,
    });
  }
  if (value < bounds.min || value > bounds.max) {
    throw new ProcGuardError(
      'INVALID_OPTIONS',
      `${name} must be between ${bounds.min} and ${bounds.max}, not ${value}`,
      { option: name },
    );
  }
  return value;
}
