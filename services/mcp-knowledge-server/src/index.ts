export {
  isKnowledgeError,
  KNOWLEDGE_ERROR_CODES,
  KnowledgeError,
  type KnowledgeErrorCode,
  type KnowledgeErrorDetail,
} from './errors/knowledge-error.ts';
export {
  createKnowledgeServer,
  type KnowledgeServer,
  type KnowledgeServerDependencies,
} from './knowledge-server.ts';
export type { ServerLogger } from './logging/server-logger.ts';
export type { StdioConnection } from './transport/stdio-connection.ts';
