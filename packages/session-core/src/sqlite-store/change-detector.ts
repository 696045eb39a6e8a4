import type { DatabaseSync } from 'node:sqlite';

/**
 * Tells whether this connection has changed something since the last call. A refusal commits as well,
 * and a cascade of refusals must not wake every process on the database.
 */
export function changeDetector(database: DatabaseSync): () => boolean {
  const statement = database.prepare('SELECT total_changes() AS total');
  const read = (): number => Number(statement.get()?.['total']);
  let last = read();
  return () => {
    const total = read();
    const changed = total !== last;
    last = total;
    return changed;
  };
}
