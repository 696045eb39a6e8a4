import type { Readable, Writable } from 'node:stream';
import {
  INVALID_REQUEST,
  type JSONRPCMessage,
  parseJSONRPCMessage,
  PARSE_ERROR,
  type Transport,
} from '@modelcontextprotocol/server';

import type { OpeningBytes } from './early-opening.ts';

/** JSON-RPC messages over a pair of streams, one on each line. */
export interface LineTransport extends Transport {
  /** Reads nothing more. What has been read is still answered. */
  stopReading(): void;
  close(): Promise<void>;
}

/** Also the limit of the SDK's own transport. */
const maxLineBytes = 10 * 1024 * 1024;
const newline = 0x0a;

/**
 * Unlike the SDK's transport it stays open when its input ends, so that what was asked is still answered,
 * and it answers a line that is no message with the error of JSON-RPC instead of passing over it.
 */
export function createLineTransport(
  input: Readable,
  output: Writable,
  opening?: OpeningBytes,
): LineTransport {
  let answered = opening?.answered;
  let parts: Buffer[] = [];
  let bytes = 0;
  let state: 'new' | 'open' | 'closed' = 'new';

  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      output.write(text, (error) => (error == null ? resolve() : reject(error)));
    });
  const refuse = (code: number, message: string): void => {
    const answer = { jsonrpc: '2.0', id: null, error: { code, message } };
    write(`${JSON.stringify(answer)}\n`).catch((error: Error) => transport.onerror?.(error));
  };
  const readLine = (line: string): void => {
    if (line.trim() === '') return;
    const json = parseJson(line);
    if (json === undefined) return refuse(PARSE_ERROR, 'Parse error: this line is no JSON.');
    const message = parseMessage(json.value);
    if (message === undefined) {
      return refuse(INVALID_REQUEST, 'Invalid Request: this line is no JSON-RPC message.');
    }
    transport.onmessage?.(message);
  };
  const fail = (error: Error): void => {
    transport.onerror?.(error);
    void transport.close();
  };
  const read = (chunk: Buffer): void => {
    let rest = chunk;
    for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline)) {
      parts.push(rest.subarray(0, end));
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      bytes = 0;
      rest = rest.subarray(end + 1);
      readLine(line);
      if (state !== 'open') return;
    }
    parts.push(rest);
    bytes += rest.length;
    if (bytes > maxLineBytes) fail(new RangeError(`A message has more than ${maxLineBytes} bytes.`));
  };
  const stopReading = (): void => {
    input.off('data', read);
    input.pause();
  };

  const transport: LineTransport = {
    start: () => {
      if (state !== 'new') return Promise.reject(new Error('The transport has been started before.'));
      state = 'open';
      output.on('error', fail);
      if (opening !== undefined) read(opening.bytes);
      // A stream that was paused stays so until it is told otherwise.
      if (state === 'open') input.on('data', read).resume();
      return Promise.resolve();
    },
    send: (message) => {
      if (answered !== undefined && !('method' in message) && message.id === answered) {
        answered = undefined;
        return Promise.resolve();
      }
      return write(`${JSON.stringify(message)}\n`);
    },
    stopReading,
    close: () => {
      if (state === 'closed') return Promise.resolve();
      state = 'closed';
      stopReading();
      parts = [];
      // The listener for errors stays: a client that has gone breaks the pipe a moment later.
      transport.onclose?.();
      return Promise.resolve();
    },
  };
  return transport;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function parseMessage(value: unknown): JSONRPCMessage | undefined {
  try {
    return parseJSONRPCMessage(value);
  } catch {
    return undefined;
  }
}
