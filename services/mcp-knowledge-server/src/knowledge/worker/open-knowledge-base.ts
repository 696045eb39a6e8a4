import { isSessionError } from '@endwell/session-core';
import { type ComponentDatabase, openComponent } from '@endwell/session-core/sqlite';
import { getLoadablePath } from 'sqlite-vec';

import { KnowledgeError } from '../../errors/knowledge-error.ts';
import { createHttpProvider } from '../embeddings/http-provider.ts';
import { createLocalProvider } from '../embeddings/local-provider.ts';
import { embeddingsFormat, parseEmbeddings } from '../embeddings/parse-embeddings.ts';
import { createVectorizer, type Vectorizer } from '../embeddings/vectorizer.ts';
import type { Knowledge } from '../knowledge.ts';
import { knowledgeMigrations } from '../store/knowledge-migrations.ts';
import { createKnowledgeBase } from './knowledge-base.ts';
import type { WorkerSetup } from './messages.ts';

/** Opens the tables of the knowledge base in the sessions' database, and what makes its vectors. */
export async function openKnowledgeBase({
  path,
  embeddings,
  apiKey,
  roots,
}: WorkerSetup): Promise<Knowledge> {
  const setting = parseEmbeddings(embeddings);
  if (setting === undefined) throw new KnowledgeError('INVALID_CONFIG', `embeddings ${embeddingsFormat}.`);
  const { database, problem } = await openDatabase(path);
  return createKnowledgeBase({ database, vectorizer: createFor(database), roots });

  function createFor(opened: ComponentDatabase): Vectorizer {
    if (setting?.kind === 'off') return createVectorizer(opened, { reason: 'off', problem: null });
    if (problem !== null) return createVectorizer(opened, { reason: 'unavailable', problem });
    return createVectorizer(
      opened,
      setting?.kind === 'http' ? createHttpProvider(setting, apiKey) : createLocalProvider(),
    );
  }
}

async function openDatabase(
  path: string,
): Promise<{ readonly database: ComponentDatabase; readonly problem: string | null }> {
  const options = { path, component: 'knowledge', migrations: knowledgeMigrations };
  let extension: string;
  try {
    extension = getLoadablePath();
  } catch (error) {
    return { database: await openWithout(error), problem: noExtension };
  }
  try {
    return { database: await openComponent({ ...options, extensions: [extension] }), problem: null };
  } catch (error) {
    // Where it is installed but does not fit, such as beside another C library.
    const unloadable = isSessionError(error) && error.path === extension;
    if (!unloadable) throw error;
    return { database: await openWithout(error), problem: noExtension };
  }

  /** Without it, vectors could not be forgotten: a store that has some is left alone. */
  async function openWithout(cause: unknown): Promise<ComponentDatabase> {
    const database = await openComponent(options);
    const vectors = await database.read((rows) =>
      Number(rows.prepare('SELECT count(*) AS count FROM embedding_models').get()?.['count']),
    );
    if (vectors === 0) return database;
    await database.close();
    throw new KnowledgeError('VECTORS_UNAVAILABLE', `${path} has vectors, and ${noExtension}.`, { cause });
  }
}

const noExtension = `sqlite-vec has no build for ${process.platform}-${process.arch} that can be loaded here`;
