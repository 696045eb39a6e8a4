import { createShutdown, findClient, tieToParent } from '@endwell/proc-guard';

import { KnowledgeError } from '../errors/knowledge-error.ts';
import { createHttpEndpoint } from '../http/http-endpoint.ts';
import { isLoopback } from '../http/is-loopback.ts';
import { createRequestGuard } from '../http/request-guard.ts';
import { createKnowledgeServer, type KnowledgeServerDependencies } from '../knowledge-server.ts';

export interface ServeHttpOptions extends KnowledgeServerDependencies {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  /** Calls back for each signal that asks this program to end. */
  readonly onSignal: (listener: (signal: NodeJS.Signals) => void) => void;
  /** Called once, with the address, when requests are answered. */
  readonly onReady: (url: string) => void;
  readonly exit: (code: number) => void;
}

const deadlineMs = 5000;
/** For the requests in flight. */
const drainMs = 2000;

/**
 * Serves any number of clients over HTTP until a signal, or until a wrapper that started this program,
 * such as npx, ends. A session over HTTP belongs to nobody: it goes on when the server ends, to its own
 * end or its deadline.
 *
 * @throws KnowledgeError `TOKEN_REQUIRED`, `LISTEN_FAILED`
 */
export async function serveOverHttp(options: ServeHttpOptions): Promise<void> {
  const { host, port, token, manager, logger, onSignal, onReady, exit } = options;
  if (!isLoopback(host) && token === undefined) {
    throw new KnowledgeError(
      'TOKEN_REQUIRED',
      `${host} can be reached from other machines: set MCP_HTTP_TOKEN, or listen on a loopback address such as 127.0.0.1.`,
      { setting: 'MCP_HTTP_TOKEN' },
    );
  }
  const server = createKnowledgeServer(options);
  const endpoint = createHttpEndpoint({
    createServer: server.statelessServer,
    guard: createRequestGuard({ host, isLoopback: isLoopback(host), token }),
    onError: (error) => logger.warn({ err: error }, 'a request was not served'),
  });
  const shutdown = createShutdown({ deadlineMs, drainMs, exit, logger, signals: [] });
  // Started from a shell it is meant to outlive nothing but the wrappers between.
  if (findClient().wrappers.length > 0) tieToParent({ shutdown, stdin: false, watch: 'wrappers' });
  onSignal((signal) => void shutdown.trigger({ kind: 'signal', signal }));

  shutdown.register('intake', { phase: 'stop-intake', close: () => endpoint.stopIntake() });
  shutdown.register('requests', {
    phase: 'drain',
    close: async () => {
      if (await endpoint.drain(drainMs)) return;
      logger.warn('requests in flight are cancelled');
      server.cancelCalls();
    },
  });
  // The closers of a phase run in reverse order.
  shutdown.register('store', () => manager.close());
  shutdown.register('knowledge', () => server.close());
  shutdown.register('endpoint', () => endpoint.close());
  try {
    const url = await endpoint.listen(host, port);
    if (!shutdown.signal.aborted) onReady(url);
  } catch (error) {
    await endpoint.close();
    throw error;
  }
}
