import type { Logger } from 'pino';

import { KnowledgeError } from '../errors/knowledge-error.ts';
import type { Knowledge } from './knowledge.ts';

export interface OpenKnowledgeOptions {
  /** The database file, which is also that of the sessions. */
  readonly path: string;
  readonly logger: Logger;
}

/** Opens the knowledge base in the database of the sessions. */
export function openKnowledge({ path }: OpenKnowledgeOptions): Promise<Knowledge> {
  return Promise.reject(
    new KnowledgeError('KNOWLEDGE_UNAVAILABLE', `There is no knowledge base in ${path}.`),
  );
}
