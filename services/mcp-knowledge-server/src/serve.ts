import { createRequire } from 'node:module';
import process from 'node:process';
import { createSessionManager, resolveDatabasePath, sqliteStore } from '@endwell/session-core';
import type * as Pino from 'pino';

import type { KnowledgeConfig } from './config/settings.ts';
import { serveOverStdio } from './life/serve-stdio.ts';
import { findSessionOwner } from './life/session-owner.ts';
import { createLazyLogger } from './logging/server-logger.ts';
import type { EarlyOpening } from './transport/early-opening.ts';

export interface ServeOptions {
  readonly config: KnowledgeConfig;
  readonly version: string;
  /** What the client on stdin has said so far; undefined to serve over HTTP. */
  readonly opening: EarlyOpening | undefined;
}

/** Everything that a running server needs; loaded when the first message has been answered. */
export async function serve({ config, version, opening }: ServeOptions): Promise<void> {
  const { home, logLevel, toolset, host, port, token } = config;
  // A client on the other end of a request works in a folder of its own, not in this one.
  const workingDirectory = opening === undefined ? undefined : process.cwd();
  const path = resolveDatabasePath(home === undefined ? process.env : { ...process.env, ENDWELL_HOME: home });
  const logger = createLazyLogger(logLevel, () => {
    const { pino } = createRequire(import.meta.url)('pino') as typeof Pino;
    return pino(
      { name: 'mcp-knowledge-server', level: logLevel, base: { pid: process.pid } },
      // stdout is the protocol's. Synchronous, so that the last line is written before the exit.
      pino.destination({ dest: 2, sync: true }),
    );
  });
  // Over HTTP a session belongs to nobody: the client is on the other end of a request.
  const owner = opening === undefined ? null : findSessionOwner();
  const manager = createSessionManager({ store: sqliteStore({ path }), owner, logger });
  const options = {
    manager,
    logger,
    version,
    defaultProject: config.project ?? workingDirectory,
    // Loaded when a tool first needs it, so that it costs a start nothing.
    openKnowledge: async (signal: AbortSignal) => {
      const [{ openKnowledge }, { readKeyFile }] = await Promise.all([
        import('./knowledge/open-knowledge.ts'),
        import('./knowledge/embeddings/read-key-file.ts'),
      ]);
      return openKnowledge({
        path,
        logger,
        embeddings: config.embeddings,
        apiKey: readKeyFile(config.embeddingsKeyFile),
        roots: config.ingestRoots ?? (workingDirectory === undefined ? [] : [workingDirectory]),
        signal,
      });
    },
    toolset,
    onSignal: (listener: (signal: NodeJS.Signals) => void) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
    },
    exit: (code: number) => process.exit(code),
  };
  if (opening !== undefined) {
    serveOverStdio({
      ...options,
      input: process.stdin,
      output: process.stdout,
      opening: opening.handOver(),
    });
    logger.info({ path, owner }, 'serving over stdio');
    return;
  }
  const { serveOverHttp } = await import('./life/serve-http.ts');
  await serveOverHttp({
    ...options,
    host,
    port,
    token,
    onReady: (url) => process.stdout.write(`mcp-knowledge-server: listening on ${url}\n`),
  });
}
