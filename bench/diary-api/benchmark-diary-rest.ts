import { setTimeout as wait } from 'node:timers/promises';
import type { BenchmarkOptions } from '../benchmarks.ts';
import { formatSummary, summarize } from '../samples.ts';
import type { Table } from '../table.ts';
import { sessionPath } from './benchmark-diary-load.ts';
import { putLoad } from './load.ts';
import { type MeasuredServer, startDiary } from './measured-server.ts';
import { variedEntries } from './varied-entries.ts';

const CLIENTS = 200;
const MEBIBYTE = 2 ** 20;

/** What a server costs that has nothing to do, with and without people who watch it, and whether it stays small at work. */
export async function benchmarkDiaryRest({ small }: BenchmarkOptions): Promise<Table> {
  const restMs = small ? 3_000 : 20_000;
  const rounds = small ? 6 : 30;
  await using diary = await startDiary();
  await wait(1_000);
  const alone = await cpuAtRest(diary, restMs);
  const streams = await openStreams(diary, CLIENTS);
  await wait(1_000);
  const watched = await cpuAtRest(diary, restMs);
  for (const stream of streams) stream.abort();

  const url = new URL(await sessionPath(diary), diary.address).href;
  const memory: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await putLoad({ url, bodies: variedEntries(500), seconds: 2, connections: 10 });
    memory.push((await diary.residentBytes()) / MEBIBYTE);
  }
  const third = Math.floor(rounds / 3);
  const middle = summarize(memory.slice(third, 2 * third));
  const last = summarize(memory.slice(2 * third));
  return {
    columns: ['diary serve', 'median (p10–p90)', 'beside'],
    rows: [
      ['CPU at rest, nobody connected', `${alone.toFixed(2)} ms/s`, ''],
      [
        `CPU at rest, ${CLIENTS} event streams`,
        `${watched.toFixed(2)} ms/s`,
        `${(watched - alone).toFixed(2)} ms/s more`,
      ],
      [`memory, second third of ${rounds * 2} s of writes`, formatSummary(middle, 'MiB'), ''],
      ['memory, last third', formatSummary(last, 'MiB'), `${(last.median / middle.median).toFixed(2)} times`],
    ],
  };
}

async function cpuAtRest(diary: MeasuredServer, milliseconds: number): Promise<number> {
  const before = await diary.cpuMs();
  await wait(milliseconds);
  return ((await diary.cpuMs()) - before) / (milliseconds / 1_000);
}

async function openStreams(diary: MeasuredServer, count: number): Promise<AbortController[]> {
  return await Promise.all(
    Array.from({ length: count }, async () => {
      const controller = new AbortController();
      const response = await fetch(new URL('/api/v1/events', diary.address), { signal: controller.signal });
      const reader = response.body?.getReader();
      const first = await reader?.read();
      if (response.status !== 200 || first?.done !== false)
        throw new Error(`no event stream: ${response.status}`);
      return controller;
    }),
  );
}
