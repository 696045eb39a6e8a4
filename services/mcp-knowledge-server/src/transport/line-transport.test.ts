import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { array, assert, asyncProperty, constantFrom, integer } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLineTransport, type LineTransport } from './line-transport.ts';

interface Opened {
  readonly input: PassThrough;
  readonly output: PassThrough;
  readonly transport: LineTransport;
  readonly heard: JSONRPCMessage[];
  readonly errors: Error[];
  readonly closed: () => number;
}

async function open(): Promise<Opened> {
  const input = new PassThrough();
  const output = new PassThrough();
  const transport = createLineTransport(input, output);
  const heard: JSONRPCMessage[] = [];
  const errors: Error[] = [];
  let closed = 0;
  Object.assign(transport, {
    onmessage: (message: JSONRPCMessage) => heard.push(message),
    onerror: (error: Error) => errors.push(error),
    onclose: () => (closed += 1),
  });
  await transport.start();
  return { input, output, transport, heard, errors, closed: () => closed };
}

async function answers({ output }: Opened): Promise<unknown[]> {
  output.end();
  return (await text(output)).split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

async function feed({ input }: Opened, bytes: Buffer, size: number): Promise<void> {
  for (let from = 0; from < bytes.length; from += size) input.write(bytes.subarray(from, from + size));
  input.end();
  await new Promise((resolve) => input.once('end', resolve));
}

const ping = (id: number): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id,
  method: 'ping',
  params: { text: 'é🦉' },
});

describe('messages over lines', () => {
  test('arrive whole, however the bytes are cut', async () => {
    await assert(
      asyncProperty(
        array(constantFrom('message', 'garbage', 'json', 'blank', 'crlf'), { maxLength: 12 }),
        integer({ min: 1, max: 60 }),
        async (kinds, size) => {
          const opened = await open();
          const lines = kinds.map((kind, id) => {
            if (kind === 'garbage') return 'no JSON é {';
            if (kind === 'json') return '{"jsonrpc":"2.0"}';
            if (kind === 'blank') return '  ';
            return JSON.stringify(ping(id)) + (kind === 'crlf' ? '\r' : '');
          });
          await feed(opened, Buffer.from(lines.map((line) => `${line}\n`).join('')), size);
          const messages = kinds.flatMap((kind, id) =>
            kind === 'message' || kind === 'crlf' ? [ping(id)] : [],
          );
          expect(opened.heard).toEqual(messages);
          const refusals = kinds.filter((kind) => kind === 'garbage' || kind === 'json');
          expect(await answers(opened)).toMatchObject(
            refusals.map((kind) => ({ id: null, error: { code: kind === 'json' ? -32_600 : -32_700 } })),
          );
          expect(opened.errors).toEqual([]);
        },
      ),
    );
  });

  test('a line without end closes the transport', async () => {
    const opened = await open();
    await feed(opened, Buffer.alloc(11 * 1024 * 1024, 'x'), 1024 * 1024);
    expect(opened.closed()).toBe(1);
    expect(opened.errors).toMatchObject([{ name: 'RangeError' }]);
    await opened.transport.close();
    expect(opened.closed()).toBe(1);
  });

  test('nothing is read after stopReading, and answers are still written', async () => {
    const opened = await open();
    opened.transport.stopReading();
    opened.input.write(`${JSON.stringify(ping(1))}\n`);
    await opened.transport.send({ jsonrpc: '2.0', id: 7, result: {} });
    expect(opened.heard).toEqual([]);
    expect(await answers(opened)).toEqual([{ jsonrpc: '2.0', id: 7, result: {} }]);
  });
});
