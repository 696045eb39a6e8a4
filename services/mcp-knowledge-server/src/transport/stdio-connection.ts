import type { Readable, Writable } from 'node:stream';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';

import { createRequestLedger } from './request-ledger.ts';

export interface StdioConnectionOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly createServer: McpServerFactory;
  readonly onError: (error: Error) => void;
}

export interface StdioConnection {
  /** Resolves when the client can say nothing more: its end of the pipe is closed, or broken. */
  readonly ended: Promise<void>;
  /** Reads nothing more. */
  stopIntake(): void;
  /** Waits until every call has been answered; false when some are still open after `timeoutMs`. */
  drain(timeoutMs: number): Promise<boolean>;
  /** Cancels the calls that are still open, tells the client, and releases both streams. */
  close(): Promise<void>;
}

/**
 * One client over a pair of streams, in whichever protocol revision it opens with.
 *
 * The SDK drops the calls in flight when its input ends. Here the input that it sees stays open
 * until the calls have been answered, so that `printf '…' | mcp-knowledge-server` gets its answers.
 */
export function createStdioConnection(options: StdioConnectionOptions): StdioConnection {
  const { input, output, createServer, onError } = options;
  const requests = new PassThrough();
  const ended = Promise.withResolvers<void>();
  const ledger = createRequestLedger(new StdioServerTransport(requests, output));
  const end = (): void => ended.resolve();
  void ledger.closed.then(end);
  const fail = (error: Error): void => {
    onError(error);
    end();
  };
  input.once('end', end);
  input.once('close', end);
  input.on('error', fail);
  input.pipe(requests, { end: false });
  const server = serveStdio(createServer, { transport: ledger.transport, onerror: onError });
  const stopIntake = (): void => {
    input.unpipe(requests);
    input.pause();
  };
  let closing: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    stopIntake();
    await ledger.refuseOpen().catch(onError);
    await server.close();
    input.off('end', end).off('close', end);
    requests.destroy();
  };
  return {
    ended: ended.promise,
    stopIntake,
    drain: async (timeoutMs) => {
      // What has been read but not yet handed to the SDK is handed over in this turn.
      await nextTurn();
      return ledger.settled(timeoutMs);
    },
    close: () => (closing ??= release()),
  };
}
