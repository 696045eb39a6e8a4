import type { BenchmarkOptions } from '../benchmarks.ts';
import type { Table } from '../table.ts';
import { knowledgeServer, type McpServerUnderTest, memoryServerUnderTest } from './mcp-servers.ts';
import { handshake, type StdioSession } from './stdio-session.ts';

const together = 20;

/** Twenty writes that are sent without waiting for each other, and how many of them are there afterwards. */
export async function benchmarkMcpTogether({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 1 : 10;
  const cases: readonly (readonly [McpServerUnderTest, (session: StdioSession) => Promise<number>])[] = [
    [memoryServerUnderTest, countEntities],
    [knowledgeServer, countEntries],
  ];
  const rows: string[][] = [];
  for (const [server, count] of cases) {
    let acknowledged = 0;
    let kept = 0;
    for (let round = 0; round < rounds; round += 1) {
      const session = await server.start();
      await session.request('initialize', handshake);
      session.notify('notifications/initialized');
      await server.prepare?.(session);
      const { write } = server;
      if (write === undefined) throw new Error(`${server.name} cannot be written to.`);
      const writes = Array.from({ length: together }, (_, index) => write(session, index));
      const settled = await Promise.allSettled(writes);
      acknowledged += settled.filter(({ status }) => status === 'fulfilled').length;
      kept += await count(session);
      await session.close();
    }
    const sent = rounds * together;
    rows.push([server.name, String(sent), String(acknowledged), String(kept), String(acknowledged - kept)]);
  }
  return { columns: ['20 writes at once', 'sent', 'acknowledged', 'kept', 'lost'], rows };
}

async function countEntities(session: StdioSession): Promise<number> {
  const { result } = await session.call('read_graph', {});
  const [content] = result['content'] as readonly { readonly text: string }[];
  return (JSON.parse(content?.text ?? '{}') as { entities: unknown[] }).entities.length;
}

async function countEntries(session: StdioSession): Promise<number> {
  const { result } = await session.call('end_session', {});
  return (result['structuredContent'] as { persisted: { entries: number } }).persisted.entries;
}
