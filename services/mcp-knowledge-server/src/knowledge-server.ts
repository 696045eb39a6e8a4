import type { Readable, Writable } from 'node:stream';
import type { CallerEndReason, Session, SessionManager } from '@endwell/session-core';
import {
  type CacheHint,
  McpServer,
  type McpServerFactory,
  type ServerOptions,
} from '@modelcontextprotocol/server';

import type { Toolset } from './config/toolsets.ts';
import { KnowledgeError } from './errors/knowledge-error.ts';
import type { ServerLogger } from './logging/server-logger.ts';
import { createLazyKnowledge, type OpenKnowledge } from './knowledge/lazy-knowledge.ts';
import { type ClientSessions, createClientSessions } from './sessions/client-sessions.ts';
import { registerPrompts } from './prompts/register-prompts.ts';
import { registerResources } from './resources/register-resources.ts';
import { createPendingWrites } from './sessions/pending-writes.ts';
import { createResolveProject } from './sessions/resolve-project.ts';
import { createStatelessSessions } from './sessions/stateless-sessions.ts';
import { capabilities, instructions, serverName, serverTitle } from './server-identity.ts';
import { registerTools } from './tools/register-tools.ts';
import { toolsOf } from './tools/toolset.ts';
import type { OpeningBytes } from './transport/early-opening.ts';
import { createStdioConnection, type StdioConnection } from './transport/stdio-connection.ts';

export interface KnowledgeServerDependencies {
  /** Owned by the caller. Nothing is asked of it before a tool needs it. */
  readonly manager: SessionManager;
  readonly logger: ServerLogger;
  readonly version: string;
  /**
   * What a call is about that names no project: a name, or a folder, such as the client's working directory.
   *
   * @defaultValue none: each call has to name one
   */
  readonly defaultProject?: string | undefined;
  /** Called once, by the first tool that needs it; again only after it has failed. */
  readonly openKnowledge: OpenKnowledge;
  /** @defaultValue 'core' */
  readonly toolset?: Toolset | undefined;
  /** Adds tools, resources or prompts of your own to each server that is made. */
  readonly extend?: ((server: McpServer) => void) | undefined;
  /** What those need of the SDK's server beside what it is given here. */
  readonly serverOptions?: ServerOptions | undefined;
}

export interface KnowledgeServer {
  /** Serves one client over a pair of streams. */
  connect(input: Readable, output: Writable, opening?: OpeningBytes): StdioConnection;
  /** Makes a server for one HTTP request: of the client's other requests it knows nothing. */
  readonly statelessServer: McpServerFactory;
  /** Ends the sessions that were started through this server and are still active. */
  endSessions(reason: CallerEndReason): Promise<readonly Session[]>;
  /**
   * Tells the calls in flight that there is no time left, and begins to close the knowledge base, where
   * calls take long: they end with an error. Calls on sessions are done in a moment, and go on.
   */
  cancelCalls(): void;
  /** Closes the knowledge base, where it was opened. The manager is the caller's to close. */
  close(): Promise<void>;
}

/** A client may keep the lists for an hour. */
const offered: CacheHint = { ttlMs: 3_600_000, cacheScope: 'private' };

/** Builds the server; touches no process, no file and no stream until asked. */
export function createKnowledgeServer(dependencies: KnowledgeServerDependencies): KnowledgeServer {
  const { manager, logger, version, openKnowledge, extend, serverOptions } = dependencies;
  const tools = toolsOf(dependencies.toolset ?? 'core');
  const knowledge = createLazyKnowledge(openKnowledge);
  const resolveProject = createResolveProject(dependencies.defaultProject);
  const clientSessions = createClientSessions(manager);
  const pendingWrites = createPendingWrites();
  const ending = new AbortController();

  const createServer = (clientSessions: ClientSessions): McpServer => {
    const server = new McpServer(
      { name: serverName, title: serverTitle, version },
      {
        ...serverOptions,
        instructions,
        capabilities: { ...capabilities, ...serverOptions?.capabilities },
        cacheHints: {
          'tools/list': offered,
          'prompts/list': offered,
          'resources/list': offered,
          'resources/templates/list': offered,
        },
      },
    );
    registerTools(server, tools, {
      manager,
      clientSessions,
      pendingWrites,
      knowledge,
      resolveProject,
      logger,
      ending: ending.signal,
    });
    registerResources(server, { manager, knowledge });
    registerPrompts(server, { manager, clientSessions, resolveProject });
    extend?.(server);
    return server;
  };

  return {
    connect: (input, output, opening) =>
      createStdioConnection({
        input,
        output,
        opening,
        createServer: () => createServer(clientSessions),
        onError: (error) => logConnectionError(logger, error),
      }),
    statelessServer: () => createServer(createStatelessSessions(manager)),
    endSessions: (reason) => clientSessions.endAll(reason),
    cancelCalls: () => {
      ending.abort(
        new KnowledgeError('SHUTTING_DOWN', 'The server is shutting down; the call was cancelled.'),
      );
      // Its failure, if there is one, is that of `close`.
      knowledge.close().catch(() => undefined);
    },
    close: () => knowledge.close(),
  };
}

function logConnectionError(logger: ServerLogger, error: Error): void {
  // A client that has died cannot read its answers: that is an end, not a fault.
  const gone = 'code' in error && error.code === 'EPIPE';
  logger[gone ? 'debug' : 'warn']({ err: error }, 'the connection reported an error');
}
