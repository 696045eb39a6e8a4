import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';

import { matchExpression } from '../search/match-expression.ts';
import { findProject } from '../store/projects.ts';
import { foldName } from './fold-name.ts';
import type { GraphAnswer, GraphEntity, GraphQuestion, GraphRelation } from './graph.ts';

/** Of one relation; more would say the same again. */
const maxPassages = 5;

/** The entities that fit, what they have to do with others, and where it says so. */
export function queryGraph(database: DatabaseSync, question: GraphQuestion): GraphAnswer {
  const projectKey = findProject(database, question.project);
  if (projectKey === undefined) return { entities: [], relations: [], truncated: false };
  const beginnings = findBeginnings(database, projectKey, question);
  let truncated = beginnings.length > question.limit;
  const distances = new Map(beginnings.slice(0, question.limit).map((key) => [key, 0]));
  let edge = [...distances.keys()];
  for (let distance = 1; distance <= question.depth && edge.length > 0; distance += 1) {
    const found = neighbours(database, edge).filter((key) => !distances.has(key));
    const room = question.limit - distances.size;
    truncated ||= found.length > room;
    edge = found.slice(0, room);
    for (const key of edge) distances.set(key, distance);
  }
  const keys = [...distances.keys()];
  const relations = readRelations(database, keys, question.limit + 1);
  truncated ||= relations.length > question.limit;
  return {
    entities: readEntities(database, distances),
    relations: relations.slice(0, question.limit),
    truncated,
  };
}

function findBeginnings(database: DatabaseSync, projectKey: number, question: GraphQuestion): number[] {
  const conditions = ['project_key = ?'];
  const values: SQLInputValue[] = [projectKey];
  if (question.entity !== undefined) {
    conditions.push('folded_name = ?');
    values.push(foldName(question.entity));
  }
  if (question.entityTypes.length > 0) {
    conditions.push('type IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(question.entityTypes));
  }
  let [join, order] = ['', 'entity_key'];
  if (question.query !== undefined) {
    const expression = matchExpression(question.query);
    if (expression === null) return [];
    join = 'JOIN entity_index ON entity_index.rowid = entity_key';
    conditions.push('entity_index MATCH ?');
    values.push(expression);
    order = 'rank, entity_key';
  }
  return database
    .prepare(
      `SELECT entity_key FROM entities ${join} WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ?`,
    )
    .all(...values, question.limit + 1)
    .map((row) => Number(row['entity_key']));
}

function neighbours(database: DatabaseSync, keys: readonly number[]): number[] {
  return database
    .prepare(
      `SELECT object_key AS key FROM relations WHERE subject_key IN (SELECT value FROM json_each(:keys))
       UNION SELECT subject_key FROM relations WHERE object_key IN (SELECT value FROM json_each(:keys))
       ORDER BY key`,
    )
    .all({ keys: JSON.stringify(keys) })
    .map((row) => Number(row['key']));
}

function readEntities(
  database: DatabaseSync,
  distances: ReadonlyMap<number, number>,
): readonly GraphEntity[] {
  const select = database.prepare('SELECT name, type, description FROM entities WHERE entity_key = ?');
  return [...distances].map(([key, distance]) => {
    const row = select.get(key) ?? {};
    return {
      name: String(row['name']),
      type: textOrNull(row['type']),
      description: textOrNull(row['description']),
      distance,
    };
  });
}

function readRelations(
  database: DatabaseSync,
  keys: readonly number[],
  limit: number,
): readonly GraphRelation[] {
  const passages = database.prepare(
    `SELECT id, title, quote FROM relation_passages JOIN documents USING (document_key)
     WHERE relation_key = ? ORDER BY passage_key LIMIT ${maxPassages}`,
  );
  return database
    .prepare(
      `SELECT relation_key, subject.name AS subject, relations.type AS relation, object.name AS object
       FROM relations JOIN entities AS subject ON subject.entity_key = subject_key
         JOIN entities AS object ON object.entity_key = object_key
       WHERE subject_key IN (SELECT value FROM json_each(:keys))
         AND object_key IN (SELECT value FROM json_each(:keys))
       ORDER BY relation_key LIMIT :limit`,
    )
    .all({ keys: JSON.stringify(keys), limit })
    .map((row) => ({
      subject: String(row['subject']),
      relation: String(row['relation']),
      object: String(row['object']),
      passages: passages.all(Number(row['relation_key'])).map((passage) => ({
        documentId: String(passage['id']),
        title: String(passage['title']),
        quote: textOrNull(passage['quote']),
      })),
    }));
}

function textOrNull(value: SQLOutputValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
