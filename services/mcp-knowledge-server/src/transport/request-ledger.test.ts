import { InMemoryTransport, type JSONRPCMessage } from '@modelcontextprotocol/server';
import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRequestLedger, type RequestLedger } from './request-ledger.ts';

async function pair(): Promise<{
  readonly ledger: RequestLedger;
  readonly client: InMemoryTransport;
  readonly heard: JSONRPCMessage[];
}> {
  const [client, wire] = InMemoryTransport.createLinkedPair();
  const heard: JSONRPCMessage[] = [];
  const ledger = createRequestLedger(wire);
  await ledger.transport.start();
  Object.assign(client, { onmessage: (message: JSONRPCMessage) => heard.push(message) });
  await client.start();
  return { ledger, client, heard };
}

const request = (id: number, method = 'tools/call'): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id,
  method,
  params: {},
});
const result = (id: number): JSONRPCMessage => ({ jsonrpc: '2.0', id, result: {} });

describe('the request ledger', () => {
  test('a request is open until it is answered', async () => {
    const { ledger, client } = await pair();
    await client.send(request(1));
    await client.send(request(2));
    expect(ledger.open).toBe(2);
    const settled = ledger.settled(60_000);
    await ledger.transport.send(result(1));
    expect(ledger.open).toBe(1);
    await ledger.transport.send({ jsonrpc: '2.0', id: 2, error: { code: -1, message: 'no' } });
    expect(await settled).toBe(true);
  });

  test('a cancelled request needs no answer, a notification and a subscription never did', async () => {
    const { ledger, client } = await pair();
    await client.send(request(1));
    await client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await client.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    await client.send(request(2, 'subscriptions/listen'));
    expect(ledger.open).toBe(0);
    expect(await ledger.settled(60_000)).toBe(true);
  });

  test('waiting ends at its time, and what is open can be refused', async () => {
    const { ledger, client, heard } = await pair();
    await client.send(request(7));
    expect(await ledger.settled(1)).toBe(false);
    await ledger.refuseOpen();
    expect(ledger.open).toBe(0);
    expect(heard).toMatchObject([{ id: 7, error: { code: -32_001 } }]);
  });

  test('when the wire closes nobody is left to be answered', async () => {
    const { ledger, client } = await pair();
    await client.send(request(1));
    const settled = ledger.settled(60_000);
    await client.close();
    expect(await settled).toBe(true);
    await ledger.closed;
    expect(ledger.open).toBe(0);
  });

  test('whatever the order, open are those that have neither an answer nor a cancellation', async () => {
    const step = record({
      id: integer({ min: 1, max: 5 }),
      kind: constantFrom('ask', 'answer', 'cancel'),
    });
    await assert(
      asyncProperty(array(step, { maxLength: 40 }), async (steps) => {
        const { ledger, client } = await pair();
        const open = new Set<number>();
        for (const { id, kind } of steps) {
          if (kind === 'ask') {
            open.add(id);
            await client.send(request(id));
          } else if (kind === 'answer') {
            open.delete(id);
            await ledger.transport.send(result(id));
          } else {
            open.delete(id);
            await client.send({
              jsonrpc: '2.0',
              method: 'notifications/cancelled',
              params: { requestId: id },
            });
          }
          expect(ledger.open).toBe(open.size);
        }
        await ledger.refuseOpen();
        expect(ledger.open).toBe(0);
      }),
    );
  });
});
