import type { DatabaseSync } from 'node:sqlite';

/** The key of a project that has something; null is what belongs to no project. */
export function findProject(database: DatabaseSync, name: string | null): number | undefined {
  const row = database.prepare('SELECT project_key FROM knowledge_projects WHERE name IS ?').get(name);
  return row === undefined ? undefined : Number(row['project_key']);
}

export function ensureProject(database: DatabaseSync, name: string | null): number {
  const found = findProject(database, name);
  if (found !== undefined) return found;
  const row = database
    .prepare('INSERT INTO knowledge_projects (name) VALUES (?) RETURNING project_key')
    .get(name);
  return Number(row?.['project_key']);
}
