import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { BenchmarkOptions } from '../benchmarks.ts';
import { programs } from '../programs.ts';
import { percentile } from '../samples.ts';
import type { Table } from '../table.ts';

/** What a hook may take at the 95th percentile, in times of a script that does nothing. */
const ALLOWED = 2.5;
const LARGE_BYTES = 20_000_000;

interface Program {
  readonly name: string;
  readonly args: readonly string[];
  /** What it is given on its standard input; called for each round. */
  readonly input: () => Promise<string>;
}

/**
 * How long a hook takes beside an empty script, each started as an agent starts it, round by round. Every round
 * the transcript has grown by one turn, so that there is something to take in.
 */
export async function benchmarkHook({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 3 : 60;
  const folder = await mkdtemp(join(tmpdir(), 'endwell-bench-hook-'));
  try {
    const started = await transcript(folder, 'started', 0);
    const usual = await transcript(folder, 'usual', 0);
    const large = await transcript(folder, 'large', small ? 1_000_000 : LARGE_BYTES);
    const hook = [programs.diaryHook, '--agent', 'claude-code'];
    const list: readonly Program[] = [
      { name: 'an empty Node script', args: [join(folder, 'empty.js')], input: async () => '' },
      { name: 'diary hook, SessionStart', args: hook, input: async () => started.event('SessionStart') },
      { name: 'diary hook, Stop after a turn', args: hook, input: () => usual.turn() },
      {
        name: `the same, of ${Math.round(large.bytes / 1_000_000)} MB`,
        args: hook,
        input: () => large.turn(),
      },
    ];
    await appendFile(join(folder, 'empty.js'), '');
    const samples = new Map(list.map(({ name }) => [name, [] as number[]]));
    // The first round makes the database and takes in the large transcript; it is not counted.
    for (let round = -1; round < rounds; round += 1) {
      for (const program of list) {
        const took = await timed(program, folder);
        if (round >= 0) samples.get(program.name)?.push(took);
      }
    }
    const p95 = (name: string): number =>
      percentile(
        (samples.get(name) ?? []).toSorted((a, b) => a - b),
        0.95,
      );
    const bare = p95(list[0]?.name ?? '');
    return {
      columns: ['started by a pipe, to its end', 'median', 'p95', 'p95, times the empty script', 'allowed'],
      rows: [...samples].map(([name, taken], index) => [
        name,
        `${percentile(
          taken.toSorted((a, b) => a - b),
          0.5,
        ).toFixed(0)} ms`,
        `${p95(name).toFixed(0)} ms`,
        (p95(name) / bare).toFixed(2),
        index === 0 ? '' : `≤ ${ALLOWED}`,
      ]),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed({ args, input }: Program, folder: string): Promise<number> {
  const text = await input();
  const startedAt = performance.now();
  const child = spawn(programs.node, args, {
    env: {
      ...process.env,
      HOME: folder,
      XDG_CACHE_HOME: join(folder, 'cache'),
      ENDWELL_HOME: join(folder, 'data'),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // A script that reads nothing may have ended before.
  child.stdin.on('error', () => {});
  child.stdin.end(text);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}.`);
  return performance.now() - startedAt;
}

interface GrowingTranscript {
  readonly bytes: number;
  event(name: string): string;
  /** Adds a turn, and returns the event at its end. */
  turn(): Promise<string>;
}

async function transcript(folder: string, sessionId: string, bytes: number): Promise<GrowingTranscript> {
  const path = join(folder, `${sessionId}.jsonl`);
  let lines = 0;
  const line = (message: object): string => {
    lines += 1;
    const common = {
      sessionId,
      cwd: folder,
      uuid: `${sessionId}-${lines}`,
      timestamp: new Date().toISOString(),
    };
    return `${JSON.stringify({ ...common, ...message })}\n`;
  };
  const result = (text: string): string =>
    line({
      type: 'user',
      message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: text }] },
    });
  const turn = (size: number): string =>
    line({ type: 'user', message: { role: 'user', content: 'Build the next part' } }) +
    line({
      type: 'assistant',
      message: {
        id: `m${lines}`,
        content: [{ type: 'tool_use', id: 'a', name: 'Bash', input: { command: 'make' } }],
      },
    }) +
    result('x'.repeat(size)) +
    line({
      type: 'assistant',
      message: { id: `m${lines}`, content: [{ type: 'text', text: 'It is built.' }] },
    });
  const event = (name: string): string =>
    JSON.stringify({
      hook_event_name: name,
      session_id: sessionId,
      transcript_path: path,
      cwd: folder,
      ...(name === 'SessionStart' ? { source: 'startup' } : {}),
    });
  let first = '';
  while (first.length < bytes) first += turn(20_000);
  await appendFile(path, first);
  return {
    bytes: first.length,
    event,
    turn: async () => {
      await appendFile(path, turn(500));
      return event('Stop');
    },
  };
}
