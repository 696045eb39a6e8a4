import type { Readable, Writable } from 'node:stream';
import type { CallerEndReason, Session, SessionManager } from '@endwell/session-core';
import { McpServer } from '@modelcontextprotocol/server';
import type { Logger } from 'pino';

import type { Toolset } from './config/toolsets.ts';
import type { Knowledge } from './knowledge/knowledge.ts';
import { createLazyKnowledge } from './knowledge/lazy-knowledge.ts';
import { createClientSessions } from './sessions/client-sessions.ts';
import { createPendingWrites } from './sessions/pending-writes.ts';
import { registerTools } from './tools/register-tools.ts';
import { toolsOf } from './tools/toolset.ts';
import { createStdioConnection, type StdioConnection } from './transport/stdio-connection.ts';

export interface KnowledgeServerDependencies {
  /** Owned by the caller. Nothing is asked of it before a tool needs it. */
  readonly manager: SessionManager;
  readonly logger: Logger;
  readonly version: string;
  /** What a session belongs to when a call does not say: the client's working directory. */
  readonly defaultProject: string;
  /** Called once, by the first tool that needs it; again only after it has failed. */
  readonly openKnowledge: () => Promise<Knowledge>;
  /** @defaultValue 'core' */
  readonly toolset?: Toolset | undefined;
}

export interface KnowledgeServer {
  /** Serves one client over a pair of streams. */
  connect(input: Readable, output: Writable): StdioConnection;
  /** Ends the sessions that were started through this server and are still active. */
  endSessions(reason: CallerEndReason): Promise<readonly Session[]>;
  /** Closes the knowledge base, where it was opened. The manager is the caller's to close. */
  close(): Promise<void>;
}

const instructions =
  'Call start_session when work begins, log_action for what matters, end_session when it is done. A session that is not ended ends with you, with its reason.';

/** Builds the server; touches no process, no file and no stream until asked. */
export function createKnowledgeServer(dependencies: KnowledgeServerDependencies): KnowledgeServer {
  const { manager, logger, version, defaultProject, openKnowledge, toolset = 'core' } = dependencies;
  const tools = toolsOf(toolset);
  const knowledge = createLazyKnowledge(openKnowledge);
  const clientSessions = createClientSessions(manager);
  const pendingWrites = createPendingWrites();

  const createServer = (): McpServer => {
    const server = new McpServer(
      { name: 'mcp-knowledge-server', title: 'Endwell knowledge server', version },
      // The tools of a server never change while it runs.
      { instructions, capabilities: { tools: { listChanged: false } } },
    );
    registerTools(server, tools, {
      manager,
      clientSessions,
      pendingWrites,
      knowledge,
      defaultProject,
      logger,
    });
    return server;
  };

  return {
    connect: (input, output) =>
      createStdioConnection({
        input,
        output,
        createServer,
        onError: (error) => logConnectionError(logger, error),
      }),
    endSessions: (reason) => clientSessions.endAll(reason),
    close: () => knowledge.close(),
  };
}

function logConnectionError(logger: Logger, error: Error): void {
  // A client that has died cannot read its answers: that is an end, not a fault.
  const gone = 'code' in error && error.code === 'EPIPE';
  logger[gone ? 'debug' : 'warn']({ err: error }, 'the connection reported an error');
}
