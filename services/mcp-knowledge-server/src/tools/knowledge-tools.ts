import { addFacts } from './add-facts.ts';
import { findSimilarDocuments } from './find-similar-documents.ts';
import { forgetDocument } from './forget-document.ts';
import { getDocument } from './get-document.ts';
import { ingestDocument } from './ingest-document.ts';
import { ingestFolder } from './ingest-folder.ts';
import { queryKnowledgeGraph } from './query-knowledge-graph.ts';
import { searchDocuments } from './search-documents.ts';
import type { Tool } from './tool.ts';

/** The knowledge tools of the default tool set, in the order in which they are listed. */
export const coreKnowledgeTools: readonly Tool[] = [ingestDocument, searchDocuments];

/** The knowledge tools that `--toolset all` adds. */
export const furtherKnowledgeTools: readonly Tool[] = [
  getDocument,
  ingestFolder,
  findSimilarDocuments,
  forgetDocument,
  queryKnowledgeGraph,
  addFacts,
];
