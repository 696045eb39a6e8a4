import { readFileSync } from 'node:fs';
import process from 'node:process';
import {
  createSessionManager,
  isSessionError,
  resolveDatabasePath,
  sqliteStore,
} from '@endwell/session-core';
import { pino } from 'pino';

import { parseCommandLine } from './cli/command-line.ts';
import { helpText } from './cli/help-text.ts';
import { type ConfigFlags, resolveConfig } from './config/resolve-config.ts';
import { isKnowledgeError } from './errors/knowledge-error.ts';
import { serveOverStdio } from './life/serve-stdio.ts';
import { findSessionOwner } from './life/session-owner.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function serve(transport: 'stdio' | 'http', flags: ConfigFlags): Promise<void> {
  const config = resolveConfig(process.env, flags);
  const { home, logLevel, toolset, host, port, token } = config;
  const path = resolveDatabasePath(home === undefined ? process.env : { ...process.env, ENDWELL_HOME: home });
  const logger = pino(
    { name: 'mcp-knowledge-server', level: logLevel, base: { pid: process.pid } },
    // stdout is the protocol's. Synchronous, so that the last line is written before the exit.
    pino.destination({ dest: 2, sync: true }),
  );
  // Over HTTP a session belongs to nobody: the client is on the other end of a request.
  const owner = transport === 'http' ? null : findSessionOwner();
  const manager = createSessionManager({ store: sqliteStore({ path }), owner, logger });
  const options = {
    manager,
    logger,
    version,
    defaultProject: process.cwd(),
    // Loaded when a tool first needs it, so that it costs a start nothing.
    openKnowledge: async () => {
      const [{ openKnowledge }, { readKeyFile }] = await Promise.all([
        import('./knowledge/open-knowledge.ts'),
        import('./knowledge/embeddings/read-key-file.ts'),
      ]);
      return openKnowledge({
        path,
        logger,
        embeddings: config.embeddings,
        apiKey: readKeyFile(config.embeddingsKeyFile),
        roots: config.ingestRoots ?? [process.cwd()],
      });
    },
    toolset,
    onSignal: (listener: (signal: NodeJS.Signals) => void) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
    },
    exit: (code: number) => process.exit(code),
  };
  if (transport === 'stdio') {
    serveOverStdio({ ...options, input: process.stdin, output: process.stdout });
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

try {
  const line = parseCommandLine(process.argv.slice(2));
  if (line.command === 'help') process.stdout.write(helpText());
  else if (line.command === 'version') process.stdout.write(`${version}\n`);
  else await serve(line.transport, line.flags);
} catch (error) {
  // What the user got wrong is a sentence; anything else is a defect and keeps its stack.
  if (!isKnowledgeError(error) && !isSessionError(error)) throw error;
  process.stderr.write(`mcp-knowledge-server: ${error.code}: ${error.message}\n`);
  process.exitCode = 2;
}
