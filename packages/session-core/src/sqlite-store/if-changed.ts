import type { DatabaseSync } from 'node:sqlite';

/**
 * Calls on only when this connection has changed something since the last time. A refusal commits
 * as well, and a cascade of refusals must not wake every process on the database.
 */
export function ifChanged(database: DatabaseSync, onChange: () => void): () => void {
  const statement = database.prepare('SELECT total_changes() AS total');
  const read = (): number => Number(statement.get()?.['total']);
  let last = read();
  return () => {
    const total = read();
    if (total === last) return;
    last = total;
    onChange();
  };
}
