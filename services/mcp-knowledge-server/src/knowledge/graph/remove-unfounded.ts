import type { DatabaseSync } from 'node:sqlite';

/**
 * Removes those of the relations that no passage supports any more and nobody has stated without one;
 * then the entities at their ends that are left alone in the same way.
 */
export function removeUnfounded(
  database: DatabaseSync,
  relationKeys: readonly number[],
): { readonly relations: number; readonly entities: number } {
  const removeRelation = database.prepare(
    `DELETE FROM relations WHERE relation_key = ? AND stated = 0
       AND relation_key NOT IN (SELECT relation_key FROM relation_passages)
     RETURNING subject_key, object_key`,
  );
  let relations = 0;
  const ends = new Set<number>();
  for (const key of relationKeys) {
    for (const row of removeRelation.all(key)) {
      relations += 1;
      ends.add(Number(row['subject_key'])).add(Number(row['object_key']));
    }
  }
  const isAlone = database.prepare(
    `SELECT name, description FROM entities WHERE entity_key = :key AND stated = 0
       AND NOT EXISTS (SELECT 1 FROM relations WHERE subject_key = :key)
       AND NOT EXISTS (SELECT 1 FROM relations WHERE object_key = :key)`,
  );
  const unindex = database.prepare(
    "INSERT INTO entity_index (entity_index, rowid, name, description) VALUES ('delete', ?, ?, ?)",
  );
  const removeEntity = database.prepare('DELETE FROM entities WHERE entity_key = ?');
  let entities = 0;
  for (const key of ends) {
    const row = isAlone.get({ key });
    if (row === undefined) continue;
    unindex.run(BigInt(key), row['name'] ?? null, row['description'] ?? null);
    removeEntity.run(key);
    entities += 1;
  }
  return { relations, entities };
}
