import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { createSessionManager, memoryStore } from '@endwell/session-core';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKnowledgeServer } from '../knowledge-server.ts';
import { createEarlyOpening, handshakeRevisions, type OpeningBytes } from './early-opening.ts';

const version = '1.2.3';

function handshake(params: object = {}, id: unknown = 1): string {
  return `${JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'client', version: '1' },
      ...params,
    },
  })}\n`;
}

/** What the server itself answers, line by line, to what stands on its input. */
async function answersOf(text: string, opening?: OpeningBytes): Promise<unknown[]> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const manager = createSessionManager({ store: memoryStore(), owner: null });
  const server = createKnowledgeServer({
    manager,
    logger: pino({ level: 'silent' }),
    version,
    defaultProject: 'p',
    openKnowledge: () => Promise.reject(new Error('not needed')),
  });
  onTestFinished(() => manager.close());
  const connection = server.connect(input, output, opening);
  input.end(text);
  await connection.ended;
  await connection.drain(60_000);
  await connection.close();
  output.end();
  return linesOf(output);
}

function linesOf(output: PassThrough): unknown[] {
  return String(output.read() ?? '')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
}

async function early(text: string): Promise<{ readonly answers: unknown[]; readonly bytes: OpeningBytes }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const opening = createEarlyOpening(input, output, version);
  input.write(text);
  await opening.heard;
  return { answers: linesOf(output), bytes: opening.handOver() };
}

describe('the early answer to the handshake', () => {
  test.for([
    ...handshakeRevisions.map((protocolVersion) => ({ protocolVersion })),
    { protocolVersion: '2026-07-28' },
    { protocolVersion: 'no such revision' },
    { clientInfo: { name: 'n', version: 'v', title: 't', websiteUrl: 'https://client.example' } },
    { capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: { form: {} } } },
  ])('%j: is the one that the library gives, and is given once', async (params) => {
    for (const id of [7, 'seven']) {
      const text = handshake(params, id);
      const { answers, bytes } = await early(text);
      expect(answers).toEqual(await answersOf(text));
      expect(answers).toMatchObject([{ id, result: {} }]);
      // What follows is served as ever, and the handshake is not answered again.
      const ping = `${JSON.stringify({ jsonrpc: '2.0', id: 8, method: 'ping' })}\n`;
      expect(await answersOf(ping, bytes)).toEqual([{ jsonrpc: '2.0', id: 8, result: {} }]);
    }
  });

  test.for([
    ['no JSON', 'what is this\n'],
    ['another method', `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`],
    ['no id', handshake().replace('"id":1,', '')],
    ['null', handshake({}, null)],
    ['no client', handshake({ clientInfo: undefined })],
    ['no capabilities', handshake({ capabilities: 'all' })],
    ['an envelope of the newest revision', handshake({ _meta: { 'io.modelcontextprotocol/x': 1 } })],
  ] as const)('%s: is left to the library', async ([, text]) => {
    const { answers, bytes } = await early(text);
    expect(answers).toEqual([]);
    expect(bytes.answered).toBeUndefined();
    expect(await answersOf('', bytes)).toEqual(await answersOf(text));
  });

  test('bytes that come in pieces, or with others behind them, are all handed over', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const opening = createEarlyOpening(input, output, version);
    const text = `${handshake()}${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n{"json`;
    for (let from = 0; from < text.length; from += 40) input.write(text.slice(from, from + 40));
    await opening.heard;
    input.end('rpc"');
    await once(input, 'end');
    const { bytes, answered } = opening.handOver();
    expect(bytes.toString()).toBe(`${text}rpc"`);
    expect(answered).toBe(1);
    expect(linesOf(output)).toHaveLength(1);
  });
});
