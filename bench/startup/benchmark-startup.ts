import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { BenchmarkOptions } from '../benchmarks.ts';
import { programs, repositoryRoot } from '../programs.ts';
import { formatSummary, summarize } from '../samples.ts';
import type { Table } from '../table.ts';
import { type Program, type Start, timedStart } from './timed-start.ts';

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1.0.0' },
  },
};

const starts: Readonly<Record<string, Program>> = {
  'an empty Node script, to its end': {
    command: programs.node,
    args: ['-e', '0'],
    answered: async (child) => {
      await once(child, 'close');
      return undefined;
    },
  },
  'npm start (installed and built), to the first healthy answer': {
    command: 'npm',
    args: ['start'],
    cwd: repositoryRoot,
    answered: healthy,
  },
  'diary serve, to the first healthy answer': {
    command: programs.node,
    args: [programs.diary, 'serve'],
    answered: healthy,
  },
  'mcp-knowledge-server, to the answered initialize': {
    command: programs.node,
    args: [programs.knowledgeServer],
    answered: initialized,
  },
  'the same under proc-guard run': {
    command: programs.procGuard,
    args: ['run', '--', programs.node, programs.knowledgeServer],
    answered: initialized,
  },
};

export async function benchmarkStartup({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 2 : 15;
  const samples = new Map<string, Start[]>(Object.keys(starts).map((name) => [name, []]));
  // Round by round, so that a busy moment of the machine falls on all alike.
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, program] of Object.entries(starts)) samples.get(name)?.push(await timedStart(program));
  }
  const summaries = [...samples].map(([name, taken]) => ({
    name,
    time: summarize(taken.map((start) => start.milliseconds)),
    memory: taken.flatMap((start) => start.memoryMebibytes ?? []),
  }));
  const bare = summaries[0]?.time.median ?? Number.NaN;
  return {
    columns: ['start', 'time, median (p10–p90)', 'times the empty script', 'memory, with all below it'],
    rows: summaries.map(({ name, time, memory }) => [
      name,
      formatSummary(time, 'ms'),
      (time.median / bare).toFixed(1),
      memory.length === 0 ? '' : formatSummary(summarize(memory), 'MiB'),
    ]),
  };
}

async function healthy(child: ChildProcess): Promise<number> {
  const address = await firstMatch(child, /http:\/\/\S+/);
  const answer = await fetch(new URL('/healthz', address));
  if (!answer.ok) throw new Error(`/healthz answered ${answer.status}.`);
  return pidOf(child);
}

async function initialized(child: ChildProcess): Promise<number> {
  child.stdin?.write(`${JSON.stringify(initialize)}\n`);
  await firstMatch(child, /"result"/);
  return pidOf(child);
}

async function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (child.stdout === null) throw new Error('The program has no standard output to read.');
  for await (const line of createInterface({ input: child.stdout })) {
    const match = pattern.exec(line);
    if (match !== null) return match[0];
  }
  throw new Error(`The program ended before it printed ${pattern}.`);
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('The program did not start.');
  return child.pid;
}
