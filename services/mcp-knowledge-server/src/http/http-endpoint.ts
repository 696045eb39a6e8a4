import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpServerFactory } from '@modelcontextprotocol/server';

import { KnowledgeError } from '../errors/knowledge-error.ts';
import type { RequestGuard } from './request-guard.ts';

export interface HttpEndpointOptions {
  readonly createServer: McpServerFactory;
  readonly guard: RequestGuard;
  readonly onError: (error: Error) => void;
}

/** Streamable HTTP at `/mcp`: every request stands for itself, nothing is kept between two of them. */
export interface HttpEndpoint {
  /**
   * Listens, and answers with the address of the endpoint.
   *
   * @throws KnowledgeError `LISTEN_FAILED`
   */
  listen(host: string, port: number): Promise<string>;
  /** Accepts nothing more. */
  stopIntake(): void;
  /** Waits until every request has been answered; false when some are still open after `timeoutMs`. */
  drain(timeoutMs: number): Promise<boolean>;
  /** Cancels what is still open, and closes every connection. */
  close(): Promise<void>;
}

const path = '/mcp';
/** More at a time are asked to come back: each may hold a few MiB. */
const maxOpenRequests = 256;

export function createHttpEndpoint({
  createServer: factory,
  guard,
  onError,
}: HttpEndpointOptions): HttpEndpoint {
  const mcp = createMcpHandler(factory, { onerror: onError });
  const handle = toNodeHandler(mcp, { onerror: onError });
  const open = new Set<ServerResponse>();
  let accepting = true;
  let drained: (() => void) | undefined;

  const server: Server = createServer((request, response) => {
    const refusal = guard.check(request.headers);
    if (refusal !== undefined) {
      if (refusal.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
      return refuse(response, refusal.status, refusal.message);
    }
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== path) {
      return refuse(response, 404, `There is only ${path} here.`);
    }
    if (!accepting || open.size >= maxOpenRequests) {
      response.setHeader('Retry-After', '1');
      return refuse(
        response,
        503,
        accepting ? 'Too many requests are open.' : 'The server is shutting down.',
      );
    }
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      if (open.size === 0) drained?.();
    });
    // A server's request always has both.
    const received = request as IncomingMessage & { method: string; url: string };
    handle(received, response).catch((error: unknown) => {
      onError(error instanceof Error ? error : new Error(String(error)));
      response.destroy();
    });
  });

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', (error) => reject(listenError(host, port, error)));
        server.listen({ host, port }, () => {
          const { address, port: actual, family } = server.address() as AddressInfo;
          resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${actual}${path}`);
        });
      }),
    stopIntake: () => {
      accepting = false;
      server.close();
      server.closeIdleConnections();
    },
    drain: (timeoutMs) => {
      if (open.size === 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), timeoutMs);
        drained = () => {
          clearTimeout(timer);
          resolve(true);
        };
      });
    },
    close: async () => {
      accepting = false;
      await mcp.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null });
  // The body of the request is not read: the connection cannot be used again.
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' }).end(body);
}

function listenError(host: string, port: number, error: NodeJS.ErrnoException): Error {
  const why =
    error.code === 'EADDRINUSE'
      ? 'another program listens there; choose another port with --port or MCP_HTTP_PORT (0 picks a free one)'
      : error.message;
  return new KnowledgeError('LISTEN_FAILED', `${host} port ${port} cannot be listened on: ${why}.`, {
    cause: error,
  });
}
