/**
 * The server as it is published, over HTTP on a free port, with the tools, resources and prompts that the
 * conformance suite asks for beside its own. Prints its address.
 */
import { createSessionManager, memoryStore } from '@endwell/session-core';
import { pino } from 'pino';
import { serveOverHttp } from '../../src/life/serve-http.ts';
import { registerContentFixtures } from '../conformance/content-fixtures.ts';
import { registerInputFixtures, requestState } from '../conformance/input-fixtures.ts';
import { registerResourceFixtures } from '../conformance/resource-fixtures.ts';

await serveOverHttp({
  manager: createSessionManager({ store: memoryStore(), owner: null }),
  logger: pino({ level: 'silent' }),
  version: '0.0.0',
  defaultProject: 'conformance',
  openKnowledge: () => Promise.reject(new Error('The suite asks for no document.')),
  toolset: 'all',
  serverOptions: {
    capabilities: { logging: {}, completions: {} },
    requestState: { verify: (state, request) => requestState.verify(state, request) },
  },
  extend: (server) => {
    registerContentFixtures(server);
    registerInputFixtures(server);
    registerResourceFixtures(server);
  },
  host: '127.0.0.1',
  port: 0,
  token: undefined,
  onSignal: (listener) => void process.on('SIGTERM', listener),
  onReady: (url) => process.stdout.write(`${url}\n`),
  exit: (code) => process.exit(code),
});
