import type { SessionManager } from '@endwell/session-core';
import { isSessionError } from '@endwell/session-core';
import {
  type McpServer,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';

import { isKnowledgeError } from '../errors/knowledge-error.ts';
import type { DocumentSummary } from '../knowledge/knowledge.ts';
import type { LazyKnowledge } from '../knowledge/lazy-knowledge.ts';
import { fitIntoBudget } from '../sessions/answer-budget.ts';
import { viewEntry } from '../sessions/entry-row.ts';
import { readTail } from '../sessions/read-tail.ts';
import { viewSessionRow } from '../sessions/session-row.ts';
import { toTimestamp } from '../sessions/session-view.ts';
import { dataSchema } from './data-schema.ts';
import { searchGuide } from './search-guide.ts';

export interface ResourceDependencies {
  readonly manager: SessionManager;
  readonly knowledge: LazyKnowledge;
}

const listed = 50;
const entriesOfSession = 50;
const documentCharacters = 40_000;
const json = 'application/json';

/** Offers what a client may show or attach without a tool call. All of it only reads. */
export function registerResources(server: McpServer, { manager, knowledge }: ResourceDependencies): void {
  server.registerResource(
    'schema',
    'endwell://schema',
    { title: 'What is kept', description: 'Sessions, entries, documents and the graph.', mimeType: json },
    (uri) => asJson(uri, dataSchema),
  );
  server.registerResource(
    'search-guide',
    'endwell://search-guide',
    { title: 'How to find things', description: 'In documents and in sessions.', mimeType: 'text/markdown' },
    (uri) => ({ contents: [{ uri: uri.href, mimeType: 'text/markdown', text: searchGuide }] }),
  );
  server.registerResource(
    'statistics',
    'endwell://statistics',
    { title: 'Statistics', description: 'Counts of sessions, entries and documents.', mimeType: json },
    async (uri) =>
      asJson(uri, {
        sessions: await manager.counts(),
        knowledge: await orReason(() => statistics(knowledge)),
      }),
  );
  server.registerResource(
    'sessions',
    'endwell://sessions',
    { title: 'Sessions', description: 'The newest sessions of all clients.', mimeType: json },
    async (uri) => {
      const { sessions } = await manager.list({ limit: listed });
      return asJson(uri, fitIntoBudget(sessions.map(viewSessionRow)));
    },
  );
  server.registerResource(
    'documents',
    'endwell://documents',
    { title: 'Documents', description: 'The documents that were ingested last.', mimeType: json },
    async (uri) => asJson(uri, await orReason(() => documents(knowledge))),
  );
  server.registerResource(
    'session',
    new ResourceTemplate('endwell://sessions/{id}', { list: undefined }),
    { title: 'A session', description: 'A session and the end of its journal.', mimeType: json },
    async (uri, { id }) => {
      const session = await found(uri, manager.get(String(id)));
      const tail = await readTail(manager, session, entriesOfSession);
      const latest = fitIntoBudget(tail.toReversed().map(viewEntry)).toReversed();
      return asJson(uri, { ...viewSessionRow(session), entries: latest });
    },
  );
  server.registerResource(
    'document',
    new ResourceTemplate('endwell://documents/{id}', { list: undefined }),
    {
      title: 'A document',
      description: 'The text of a document, from its beginning; get_document reads on.',
      mimeType: 'text/plain',
    },
    async (uri, { id }) => {
      const opened = await knowledge.open();
      const range = { from: 0, maxCharacters: documentCharacters };
      const document = await opened.readDocument(String(id), range);
      if (document === undefined) throw new ResourceNotFoundError(uri.href);
      return { contents: [{ uri: uri.href, mimeType: 'text/plain', text: document.text }] };
    },
  );
}

function asJson(uri: URL, value: unknown): ReadResourceResult {
  return { contents: [{ uri: uri.href, mimeType: json, text: JSON.stringify(value, null, 2) }] };
}

async function found<Value>(uri: URL, reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    if (isSessionError(error) && error.code === 'SESSION_NOT_FOUND')
      throw new ResourceNotFoundError(uri.href);
    throw error;
  }
}

/** What is there of the knowledge base, or why there is nothing: the rest of a resource is shown anyway. */
async function orReason(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    if (!isKnowledgeError(error) && !isSessionError(error)) throw error;
    return { unavailable: `${error.code}: ${error.message}` };
  }
}

async function statistics(knowledge: LazyKnowledge): Promise<unknown> {
  const opened = await knowledge.open();
  const { lastIngestedAt, ...counts } = await opened.statistics({});
  return { ...counts, last_ingested_at: lastIngestedAt === null ? null : toTimestamp(lastIngestedAt) };
}

async function documents(knowledge: LazyKnowledge): Promise<unknown> {
  const opened = await knowledge.open();
  const { documents } = await opened.listDocuments({ limit: listed });
  return fitIntoBudget(documents.map(viewDocument));
}

function viewDocument({ ingestedAt, ...document }: DocumentSummary): object {
  return {
    ...document,
    uri: `endwell://documents/${encodeURIComponent(document.id)}`,
    ingested_at: toTimestamp(ingestedAt),
  };
}
