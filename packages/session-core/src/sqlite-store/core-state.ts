import type { Prepare } from './prepare.ts';

/**
 * Numbers about the store as a whole. `events_dropped_through`: the highest cursor that retention has
 * dropped. `wal_to_truncate`: 1 when the WAL still holds what was purged.
 */
export type CoreStateName = 'events_dropped_through' | 'wal_to_truncate';

/** 0 when it was never stored. */
export function readState(prepare: Prepare, name: CoreStateName): number {
  const row = prepare('SELECT value FROM core_state WHERE name = :name').get({ name });
  return Number(row?.['value'] ?? 0);
}

export function writeState(prepare: Prepare, name: CoreStateName, value: number): void {
  prepare('INSERT OR REPLACE INTO core_state (name, value) VALUES (:name, :value)').run({ name, value });
}
