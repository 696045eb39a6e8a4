import type { Readable, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

import type { OpeningBytes } from './early-opening.ts';
import { createLineTransport } from './line-transport.ts';
import { createRequestLedger } from './request-ledger.ts';

export interface StdioConnectionOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** What has been read of the input before. */
  readonly opening?: OpeningBytes | undefined;
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
 * The SDK's own transport drops the calls in flight when its input ends. This one stays open until they
 * have been answered, so that `printf '…' | mcp-knowledge-server` gets its answers.
 */
export function createStdioConnection(options: StdioConnectionOptions): StdioConnection {
  const { input, output, opening, createServer, onError } = options;
  const ended = Promise.withResolvers<void>();
  const lines = createLineTransport(input, output, opening);
  const ledger = createRequestLedger(lines);
  const end = (): void => ended.resolve();
  void ledger.closed.then(end);
  const fail = (error: Error): void => {
    onError(error);
    end();
  };
  input.once('end', end);
  input.once('close', end);
  input.on('error', fail);
  // It may have ended before anybody listened.
  if (input.readableEnded || input.destroyed) end();
  const server = serveStdio(createServer, { transport: ledger.transport, onerror: onError });
  let closing: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    lines.stopReading();
    await ledger.refuseOpen().catch(onError);
    await server.close();
    input.off('end', end).off('close', end);
  };
  return {
    ended: ended.promise,
    stopIntake: () => lines.stopReading(),
    drain: async (timeoutMs) => {
      // What has been read but not yet handed to the SDK is handed over in this turn.
      await nextTurn();
      return ledger.settled(timeoutMs);
    },
    close: () => (closing ??= release()),
  };
}
