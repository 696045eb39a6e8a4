import type { DatabaseSync } from 'node:sqlite';

import { KnowledgeError } from '../../errors/knowledge-error.ts';
import { requireDocument, type StoredDocument } from '../store/document-rows.ts';
import { ensureProject } from '../store/projects.ts';
import type { EntityInput, FactInput, Facts, FactsResult } from './graph.ts';
import { foldName } from './fold-name.ts';

/**
 * Adds entities and relations, all or none. What a passage supports lives as long as one of its
 * documents; what was stated without one stays.
 *
 * @throws KnowledgeError `DOCUMENT_NOT_FOUND`, `QUOTE_NOT_FOUND`
 */
export function addFacts(
  database: DatabaseSync,
  { project, entities, facts }: Facts,
  now: number,
): FactsResult {
  const projectKey = ensureProject(database, project);
  const counts = { entitiesAdded: 0, factsAdded: 0, factsKnown: 0 };
  const ensure = (entity: EntityInput, stated: boolean): number => {
    const { key, added } = ensureEntity(database, projectKey, entity, stated);
    if (added) counts.entitiesAdded += 1;
    return key;
  };
  for (const entity of entities) ensure(entity, true);
  for (const fact of facts) {
    const document = fact.documentId === undefined ? undefined : requireDocument(database, fact.documentId);
    if (document !== undefined) checkQuote(database, document, fact);
    const stated = document === undefined;
    const added = ensureRelation(
      database,
      [ensure({ name: fact.subject }, false), fact.relation, ensure({ name: fact.object }, false)],
      stated,
      now,
    );
    if (added.isNew) counts.factsAdded += 1;
    else counts.factsKnown += 1;
    if (document === undefined) continue;
    database
      .prepare(
        `INSERT INTO relation_passages (relation_key, document_key, quote)
         SELECT :relation, :document, :quote WHERE NOT EXISTS (SELECT 1 FROM relation_passages
           WHERE relation_key = :relation AND document_key = :document AND quote IS :quote)`,
      )
      .run({ relation: added.key, document: document.documentKey, quote: fact.quote ?? null });
  }
  return counts;
}

function ensureEntity(
  database: DatabaseSync,
  projectKey: number,
  { name, type, description }: EntityInput,
  stated: boolean,
): { readonly key: number; readonly added: boolean } {
  const known = database
    .prepare('SELECT entity_key, name, description FROM entities WHERE project_key = ? AND folded_name = ?')
    .get(projectKey, foldName(name));
  const index = database.prepare('INSERT INTO entity_index (rowid, name, description) VALUES (?, ?, ?)');
  if (known === undefined) {
    const row = database
      .prepare(
        `INSERT INTO entities (project_key, name, folded_name, type, description, stated)
         VALUES (?, ?, ?, ?, ?, ?) RETURNING entity_key`,
      )
      .get(projectKey, name.trim(), foldName(name), type ?? null, description ?? null, stated ? 1 : 0);
    const key = Number(row?.['entity_key']);
    index.run(BigInt(key), name.trim(), description ?? null);
    return { key, added: true };
  }
  const key = Number(known['entity_key']);
  if (!stated) return { key, added: false };
  database
    .prepare("INSERT INTO entity_index (entity_index, rowid, name, description) VALUES ('delete', ?, ?, ?)")
    .run(BigInt(key), known['name'] ?? null, known['description'] ?? null);
  database
    .prepare(
      `UPDATE entities SET stated = 1, type = coalesce(?, type), description = coalesce(?, description)
       WHERE entity_key = ?`,
    )
    .run(type ?? null, description ?? null, key);
  index.run(BigInt(key), known['name'] ?? null, description ?? known['description'] ?? null);
  return { key, added: false };
}

function ensureRelation(
  database: DatabaseSync,
  [subjectKey, relation, objectKey]: readonly [number, string, number],
  stated: boolean,
  now: number,
): { readonly key: number; readonly isNew: boolean } {
  const type = relation.trim();
  const known = database
    .prepare('SELECT relation_key FROM relations WHERE subject_key = ? AND type = ? AND object_key = ?')
    .get(subjectKey, type, objectKey);
  if (known !== undefined) {
    const key = Number(known['relation_key']);
    if (stated) database.prepare('UPDATE relations SET stated = 1 WHERE relation_key = ?').run(key);
    return { key, isNew: false };
  }
  const row = database
    .prepare(
      `INSERT INTO relations (subject_key, type, object_key, stated, added_at)
       VALUES (?, ?, ?, ?, ?) RETURNING relation_key`,
    )
    .get(subjectKey, type, objectKey, stated ? 1 : 0, now);
  return { key: Number(row?.['relation_key']), isNew: true };
}

/** A passage that is not there would be a source that proves nothing. */
function checkQuote(database: DatabaseSync, document: StoredDocument, { quote }: FactInput): void {
  if (quote === undefined) return;
  const text = database
    .prepare('SELECT text FROM chunks WHERE document_key = ? ORDER BY position')
    .all(document.documentKey)
    .map((row) => String(row['text']))
    .join('');
  if (squeeze(text).includes(squeeze(quote))) return;
  throw new KnowledgeError(
    'QUOTE_NOT_FOUND',
    `Document ${document.id} does not say ${JSON.stringify(quote.slice(0, 120))}.`,
  );
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
