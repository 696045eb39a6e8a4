import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programs } from '../programs.ts';
import { startSession, type StdioSession } from './stdio-session.ts';

/** What is compared: how each is started, and its own way to write and to read. */
export interface McpServerUnderTest {
  readonly name: string;
  start(): Promise<StdioSession>;
  /** What has to be done once before the first write. */
  prepare?(session: StdioSession): Promise<unknown>;
  /** Undefined where there is nothing that can be written. */
  readonly write: ((session: StdioSession, index: number) => Promise<unknown>) | undefined;
  read(session: StdioSession): Promise<unknown>;
}

const here = dirname(fileURLToPath(import.meta.url));
const memoryServer = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-memory/package.json',
);

const echo = (name: string, file: string): McpServerUnderTest => ({
  name,
  start: () => startSession(join(here, file), () => ({})),
  write: undefined,
  read: (session) => session.call('echo', { text: 'Something to be said again' }),
});

export const knowledgeServer: McpServerUnderTest = {
  name: 'mcp-knowledge-server',
  start: () =>
    startSession(programs.knowledgeServer, (home) => ({
      ENDWELL_HOME: join(home, 'data'),
      ENDWELL_LOG_LEVEL: 'error',
      MCP_TOOLSET: 'all',
    })),
  prepare: (session) => session.call('start_session', { project: 'bench' }),
  write: (session, index) =>
    session.call('log_action', { type: 'edit', description: `Changed something, for the ${index}th time` }),
  read: (session) => session.call('list_sessions', { limit: 1 }),
};

export const echoServer: McpServerUnderTest = echo('a bare echo server', 'echo-server.mjs');

export const firstEchoServer: McpServerUnderTest = echo(
  'the same with the first SDK',
  'first-echo-server.mjs',
);

/** It keeps its graph in one JSON file, which it writes anew without asking the disk to keep it. */
export const memoryServerUnderTest: McpServerUnderTest = {
  name: 'server-memory',
  start: () =>
    startSession(join(dirname(memoryServer), 'dist', 'index.js'), (home) => ({
      MEMORY_FILE_PATH: join(home, 'memory.jsonl'),
    })),
  write: (session, index) =>
    session.call('create_entities', {
      entities: [
        { name: `entity-${index}`, entityType: 'edit', observations: ['Changed something, once again'] },
      ],
    }),
  read: (session) => session.call('open_nodes', { names: ['entity-0'] }),
};
