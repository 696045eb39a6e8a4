import type { BenchmarkOptions } from '../benchmarks.ts';
import { formatSummary, percentile, summarize } from '../samples.ts';
import { treeMemory } from '../startup/tree-memory.ts';
import type { Table } from '../table.ts';
import {
  echoServer,
  knowledgeServer,
  type McpServerUnderTest,
  memoryServerUnderTest,
} from './mcp-servers.ts';
import { handshake } from './stdio-session.ts';

interface Measured {
  readonly writes: number[];
  readonly reads: number[];
  readonly memoryMebibytes: number[];
}

/** How long a call takes once a server is warm, and what it weighs after a hundred of them. */
export async function benchmarkMcpCalls({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 1 : 7;
  const calls = small ? 10 : 300;
  const servers = [echoServer, memoryServerUnderTest, knowledgeServer];
  const measured = new Map<McpServerUnderTest, Measured>(
    servers.map((server) => [server, { writes: [], reads: [], memoryMebibytes: [] }]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const [server, into] of measured) await measure(server, calls, into);
  }
  const readOf = (server: McpServerUnderTest): number => summarize(measured.get(server)?.reads ?? []).median;
  const peerWrite = summarize(measured.get(memoryServerUnderTest)?.writes ?? []).median;
  return {
    columns: [
      'server',
      'a write, median (p10–p90)',
      'times server-memory',
      'a read, median (p10–p90)',
      'p99',
      'times echo',
      'memory after 100 calls',
    ],
    rows: [...measured].map(([server, { writes, reads, memoryMebibytes }]) => {
      const read = summarize(reads);
      const write = writes.length === 0 ? undefined : summarize(writes);
      return [
        server.name,
        write === undefined ? '' : formatSummary(write, 'ms', 2),
        write === undefined ? '' : (write.median / peerWrite).toFixed(2),
        formatSummary(read, 'ms', 2),
        `${percentile(
          reads.toSorted((a, b) => a - b),
          0.99,
        ).toFixed(2)} ms`,
        (read.median / readOf(echoServer)).toFixed(2),
        formatSummary(summarize(memoryMebibytes), 'MiB'),
      ];
    }),
  };
}

async function measure(server: McpServerUnderTest, calls: number, into: Measured): Promise<void> {
  const session = await server.start();
  await session.request('initialize', handshake);
  session.notify('notifications/initialized');
  await server.prepare?.(session);
  const { write } = server;
  // Fifty of each, or a hundred where there is nothing to be written.
  const warm = Math.min(50, calls);
  if (write !== undefined) await times(warm, (index) => write(session, index));
  await times(write === undefined ? 2 * warm : warm, () => server.read(session));
  into.memoryMebibytes.push(await treeMemory(session.pid));
  if (write !== undefined) into.writes.push(...(await times(calls, (index) => write(session, warm + index))));
  into.reads.push(...(await times(calls, () => server.read(session))));
  await session.close();
}

async function times(count: number, call: (index: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAt = performance.now();
    await call(index);
    samples.push(performance.now() - startedAt);
  }
  return samples;
}
