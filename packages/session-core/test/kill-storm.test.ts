import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { createSessionManager, sqliteStore, type Session } from '../src/index.ts';
import { startChild, type ChildLines } from './child-lines.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

/** `pnpm soak` takes a minute. */
const seconds = Number(process.env['SESSION_CORE_STORM_SECONDS'] ?? 10);
const processes = 8;
const killEveryMs = 400;

interface WorkerLine {
  readonly type: 'ready' | 'started' | 'recorded' | 'ended' | 'refused' | 'done';
  readonly id: string;
  readonly sequence: number;
  readonly text: string;
  readonly reason: string;
}

interface ObserverLine {
  readonly type: 'ready' | 'session:ended' | 'delay';
  readonly id: string;
  readonly reason: string;
  readonly at: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly searches: number;
  readonly checks: number;
  readonly purges: number;
}

interface Worker extends ChildLines<WorkerLine> {
  /** When it began to work. */
  readyAt: number;
  endedAt: number;
  killedAt: number | undefined;
}

let folder: ScratchFolder;
let children: ChildLines<unknown>[] = [];

beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(async () => {
  for (const child of children) child.process.kill('SIGKILL');
  await Promise.all(children.map((child) => child.exited));
  children = [];
  await folder[Symbol.asyncDispose]();
});

function start<Line>(program: string, name: string, ...args: string[]): ChildLines<Line> {
  const child = startChild<Line>(program, name, [folder.database, name, ...args]);
  children.push(child);
  return child;
}

function startWorker(name: string): Worker {
  const child = start<WorkerLine>('worker.ts', name);
  const worker = { ...child, readyAt: Infinity, endedAt: 0, killedAt: undefined };
  const ready = child.until((lines) => lines.length > 0);
  ready.then(
    () => (worker.readyAt = now()),
    // It may be killed before it is ready.
    () => undefined,
  );
  return worker;
}

/** The same for all processes of the machine, in milliseconds. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Sessions that it started and has not said to have ended. */
function openSessions({ lines }: ChildLines<WorkerLine>): string[] {
  const open = new Set<string>();
  for (const { type, id } of lines) {
    if (type === 'started') open.add(id);
    else if (type === 'ended') open.delete(id);
  }
  return [...open];
}

/** Stopped in the middle of a write it would hold the lock, and nobody could end anything. */
async function stopBetweenWrites(child: ChildProcess): Promise<void> {
  const database = new DatabaseSync(folder.database);
  try {
    for (let attempts = 0; attempts < 1_000; attempts += 1) {
      child.kill('SIGSTOP');
      while (!/^\d+ \(.*\) T /s.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8'))) await immediate();
      try {
        database.exec('BEGIN IMMEDIATE; ROLLBACK');
        return;
      } catch {
        // It, or somebody else just now, is writing.
        child.kill('SIGCONT');
        await immediate();
      }
    }
  } finally {
    database.close();
  }
  throw new Error('the process was in the middle of a write each time it was stopped');
}

function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

it(
  'loses nothing and ends everything once while processes are killed and replaced',
  { timeout: (seconds + 300) * 1000 },
  async () => {
    const observer = start<ObserverLine>('observer.ts', 'observer');
    const idle = start<ObserverLine>('idle.ts', 'idle');
    await observer.until((lines) => lines.length > 0);
    const workers: Worker[] = [];
    let running = Array.from({ length: processes }, (_, index) => startWorker(`worker-${index}`));
    workers.push(...running);
    await Promise.all(running.map((worker) => worker.until((lines) => lines.length > 10)));

    const until = now() + seconds * 1000;
    for (let kills = 0; now() < until; kills += 1) {
      await sleep(killEveryMs);
      const working = running.filter((worker) => worker.lines.length > 5);
      const victim = working[Math.floor(Math.random() * working.length)];
      if (victim === undefined) continue;
      victim.killedAt = now();
      victim.process.kill('SIGKILL');
      await victim.exited;
      victim.endedAt = now();
      const next = startWorker(`replacement-${kills}`);
      workers.push(next);
      running = running.map((worker) => (worker === victim ? next : worker));
    }
    for (const worker of running) worker.process.stdin.end();
    await Promise.all(running.map((worker) => worker.exited));
    for (const worker of running) {
      worker.endedAt = now();
      expect(worker.lines.at(-1)?.type).toBe('done');
    }
    const killed = workers.filter((worker) => worker.killedAt !== undefined);
    const orphaned = new Map(
      killed.flatMap((worker) => openSessions(worker).map((id) => [id, worker.killedAt ?? 0] as const)),
    );
    await observer.until((lines) => {
      const ended = new Set(lines.map((line) => line.id));
      return [...orphaned.keys()].every((id) => ended.has(id));
    });
    observer.process.stdin.end();
    idle.process.stdin.end();
    await Promise.all([observer.exited, idle.exited]);

    await using reader = createSessionManager({ store: sqliteStore({ path: folder.database }), owner: null });
    // Each end was told once, and those of a killed process are its death or what it did just before.
    const ends = observer.lines.filter((line) => line.type === 'session:ended');
    expect(new Set(ends.map((line) => line.id)).size).toBe(ends.length);
    const latencies: number[] = [];
    for (const { id, reason, at } of ends) {
      const killedAt = orphaned.get(id);
      if (killedAt === undefined) continue;
      expect(['owner_died', 'completed']).toContain(reason);
      if (reason === 'owner_died') latencies.push(at - killedAt);
    }
    expect(latencies.length).toBeGreaterThan(0);

    // Every acknowledged entry is there, once and in order.
    let acknowledged = 0;
    for (const worker of workers) {
      const said = Map.groupBy(
        worker.lines.filter((line) => line.type === 'recorded'),
        (line) => line.id,
      );
      for (const [id, lines] of said) {
        const { entries } = await reader.entries(id, { limit: 1000 });
        expect(entries.map((entry) => entry.sequence)).toStrictEqual(entries.map((_, index) => index + 1));
        expect(new Set(entries.map((entry) => entry.text)).size).toBe(entries.length);
        expect(entries.slice(0, lines.length).map((entry) => entry.text)).toStrictEqual(
          lines.map((line) => line.text),
        );
        // At most the one that it could not acknowledge any more.
        expect(entries.length - lines.length).toBeLessThanOrEqual(worker.killedAt === undefined ? 0 : 1);
        acknowledged += lines.length;
      }
    }
    expect(await reader.integrityCheck()).toStrictEqual({ ok: true, problems: [] });
    expect((await reader.counts()).active).toBe(0);

    const rates = workers
      .filter((worker) => worker.endedAt - worker.readyAt > 1_500)
      .map((worker) => {
        const recorded = worker.lines.filter((line) => line.type === 'recorded').length;
        return recorded / ((worker.endedAt - worker.readyAt) / 1000);
      });
    for (const rate of rates) expect(rate).toBeGreaterThan(0);
    const heard = killed.map(({ endedAt, killedAt = 0 }) => endedAt - killedAt);
    const [busy, quiet] = [observer.lines.at(-1), idle.lines.at(-1)];
    console.log(
      [
        `${processes} processes, ${killed.length} killed in ${seconds} s, ${ends.length} sessions, ${acknowledged} entries acknowledged: none lost or doubled`,
        `${latencies.length} sessions of killed processes ended after ${percentile(latencies, 0.5).toFixed(1)} ms (p50), ${percentile(latencies, 0.99).toFixed(1)} ms (p99), ${Math.max(...latencies).toFixed(1)} ms (max); whoever killed them heard of their end after ${percentile(heard, 0.5).toFixed(1)} ms (p50), ${percentile(heard, 0.99).toFixed(1)} ms (p99)`,
        `entries a second of one process: median ${percentile(rates, 0.5).toFixed(0)}, slowest ${Math.min(...rates).toFixed(0)}, slowest / median ${(Math.min(...rates) / percentile(rates, 0.5)).toFixed(2)}`,
        `event loop delay of the observer (${busy?.searches} searches, ${busy?.checks} integrity checks, ${busy?.purges} purges): p99 ${busy?.p99Ms.toFixed(1)} ms, max ${busy?.maxMs.toFixed(1)} ms; of an idle process: p99 ${quiet?.p99Ms.toFixed(1)} ms, max ${quiet?.maxMs.toFixed(1)} ms`,
      ].join('\n'),
    );
  },
);

it(
  'resurrects nothing when a process goes on after its sessions have ended',
  { timeout: 300_000 },
  async () => {
    const observer = start<ObserverLine>('observer.ts', 'observer');
    await observer.until((lines) => lines.length > 0);
    const sleeper = start<WorkerLine>('worker.ts', 'sleeper', '600');
    await sleeper.until((lines) => lines.length > 10);
    await stopBetweenWrites(sleeper.process);
    const open = openSessions(sleeper);
    await observer.until((lines) => {
      const ended = new Set(lines.map((line) => line.id));
      return openSessions(sleeper).every((id) => ended.has(id));
    });
    expect(open.length).toBeGreaterThan(0);
    await using reader = createSessionManager({ store: sqliteStore({ path: folder.database }), owner: null });
    const read = (): Promise<Session[]> => Promise.all(open.map((id) => reader.get(id)));
    const before = await read();
    for (const session of before) expect(session.state).toBe('ended');
    expect(before.some((session) => session.endReason === 'idle_timeout')).toBe(true);

    const lines = sleeper.lines.length;
    sleeper.process.kill('SIGCONT');
    await sleeper.until((all) => all.length >= lines + 20);
    sleeper.process.stdin.end();
    await sleeper.exited;
    expect(sleeper.lines.at(-1)?.type).toBe('done');
    expect(await read()).toStrictEqual(before);
    observer.process.stdin.end();
    await observer.exited;
  },
);
