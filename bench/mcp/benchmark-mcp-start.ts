import type { BenchmarkOptions } from '../benchmarks.ts';
import { formatSummary, summarize } from '../samples.ts';
import type { Table } from '../table.ts';
import {
  echoServer,
  firstEchoServer,
  knowledgeServer,
  type McpServerUnderTest,
  memoryServerUnderTest,
} from './mcp-servers.ts';
import { handshake } from './stdio-session.ts';

/** From the start of the process to an answer; a client sends its first messages without waiting. */
const starts: Readonly<Record<string, () => Promise<number>>> = {
  [`${echoServer.name}, to the answered initialize`]: () => toInitialize(echoServer),
  [`${firstEchoServer.name}, to the answered initialize`]: () => toInitialize(firstEchoServer),
  [`${memoryServerUnderTest.name}, to the answered initialize`]: () => toInitialize(memoryServerUnderTest),
  [`${knowledgeServer.name}, to the answered initialize`]: () => toInitialize(knowledgeServer),
  [`${knowledgeServer.name}, to the first durable log_action`]: toFirstWrite,
};

export async function benchmarkMcpStart({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 2 : 30;
  const samples = new Map<string, number[]>(Object.keys(starts).map((name) => [name, []]));
  // Round by round, so that a busy moment of the machine falls on all alike.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, start] of Object.entries(starts)) {
      const milliseconds = await start();
      // The first start fills the caches of the disk and of the compiler.
      if (round > 0) samples.get(name)?.push(milliseconds);
    }
  }
  const summaries = [...samples].map(([name, taken]) => ({ name, summary: summarize(taken) }));
  const [second, first] = summaries.map(({ summary }) => summary.median);
  return {
    columns: ['start', 'time, median (p10–p90)', 'times the echo server', 'times that of the first SDK'],
    rows: summaries.map(({ name, summary }) => [
      name,
      formatSummary(summary, 'ms'),
      (summary.median / (second ?? Number.NaN)).toFixed(2),
      (summary.median / (first ?? Number.NaN)).toFixed(2),
    ]),
  };
}

async function toInitialize(server: McpServerUnderTest): Promise<number> {
  const session = await server.start();
  const { at } = await session.request('initialize', handshake);
  await session.close();
  return at - session.startedAt;
}

async function toFirstWrite(): Promise<number> {
  const session = await knowledgeServer.start();
  const opened = session.request('initialize', handshake);
  session.notify('notifications/initialized');
  const started = session.call('start_session', { project: 'bench' });
  const written = session.call('log_action', { type: 'edit', description: 'The first thing that was done' });
  const [, , { at }] = await Promise.all([opened, started, written]);
  await session.close();
  return at - session.startedAt;
}
