import { afterEach, beforeEach, expect, it } from 'vitest';

import { createSessionManager, sqliteStore, type SessionEvent, type SessionManager } from '../src/index.ts';
import { startChild, type ChildLines } from './child-lines.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

interface Line {
  readonly type: 'ready' | 'started' | 'recorded' | 'ended' | 'refused' | 'done';
  readonly id: string;
  readonly sequence: number;
  readonly reason: string;
}

interface Worker extends ChildLines<Line> {
  /** Resolves when it has said this many lines. */
  said(count: number): Promise<void>;
}

let folder: ScratchFolder;
let workers: Worker[] = [];

beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(async () => {
  for (const worker of workers) worker.process.kill('SIGKILL');
  await Promise.all(workers.map((worker) => worker.exited));
  workers = [];
  await folder[Symbol.asyncDispose]();
});

function startWorker(name: string): Worker {
  const child = startChild<Line>('worker.ts', name, [folder.database, name]);
  const worker = { ...child, said: (count: number) => child.until((lines) => lines.length >= count) };
  workers.push(worker);
  return worker;
}

async function eventsUntil(
  manager: SessionManager,
  done: (events: readonly SessionEvent[]) => boolean,
): Promise<SessionEvent[]> {
  const events: SessionEvent[] = [];
  for await (const event of manager.watch({ after: 'start' })) {
    events.push(event);
    if (done(events)) break;
  }
  return events;
}

it('keeps every acknowledged entry and ends every session once, also those of a killed process', async () => {
  await using observer = createSessionManager({ store: sqliteStore({ path: folder.database }) });
  await observer.open();
  const [victim, ...others] = ['a', 'b', 'c', 'd'].map(startWorker);
  await Promise.all(workers.map((worker) => worker.said(40)));
  victim?.process.kill('SIGKILL');
  await victim?.exited;
  const counts = others.map((worker) => worker.lines.length + 20);
  await Promise.all(others.map((worker, index) => worker.said(counts[index] ?? 0)));
  for (const worker of others) worker.process.stdin.end();
  await Promise.all(others.map((worker) => worker.exited));
  for (const worker of others) expect(worker.lines.at(-1)?.type).toBe('done');

  const started = new Set<string>();
  const events = await eventsUntil(observer, (all) => {
    const last = all.at(-1);
    if (last?.type === 'session:started') started.add(last.sessionId);
    if (last?.type === 'session:ended') started.delete(last.sessionId);
    // The killed process may have stored a start that it could not tell any more.
    return started.size === 0 && workers.every((worker) => worker.lines.every((line) => known(all, line)));
  });
  await observer.sweep();

  const cursors = events.map((event) => Number(event.cursor));
  expect(cursors).toStrictEqual(cursors.map((_, index) => index + 1));
  const ends = events.filter((event) => event.type === 'session:ended').map((event) => event.sessionId);
  expect(new Set(ends).size).toBe(ends.length);

  for (const worker of workers) {
    const acknowledged = worker.lines.filter((line) => line.type === 'recorded');
    expect(acknowledged.length).toBeGreaterThan(10);
    for (const { id, sequence } of acknowledged) {
      const { entries } = await observer.entries(id, { after: sequence - 1, limit: 1 });
      expect(entries[0]?.sequence).toBe(sequence);
    }
  }
  const victims = victim?.lines.filter((line) => line.type === 'started') ?? [];
  const reasons = await Promise.all(victims.map(async ({ id }) => (await observer.get(id)).endReason));
  expect(new Set(reasons)).toStrictEqual(new Set(['completed', 'owner_died']));

  // Each end was told by exactly one manager; what the killed one or the observer told is not in `lines`.
  const told = others.flatMap((worker) => worker.lines.filter((line) => line.type === 'ended'));
  expect(new Set(told.map((line) => line.id)).size).toBe(told.length);
  expect((await observer.counts()).active).toBe(0);
  expect(await observer.integrityCheck()).toStrictEqual({ ok: true, problems: [] });
});

function known(events: readonly SessionEvent[], line: Line): boolean {
  return line.type !== 'started' || events.some((event) => event.sessionId === line.id);
}

it('lets many processes open a new database at once', async () => {
  const all = Array.from({ length: 8 }, (_, index) => startWorker(`opener ${index}`));
  await Promise.all(all.map((worker) => worker.said(5)));
  for (const worker of all) worker.process.stdin.end();
  await Promise.all(all.map((worker) => worker.exited));
  for (const worker of all) {
    expect(worker.lines[0]?.type).toBe('ready');
    expect(worker.lines.at(-1)?.type).toBe('done');
  }
  await using observer = createSessionManager({ store: sqliteStore({ path: folder.database }) });
  const { active, byReason } = await observer.counts();
  expect({ active, died: byReason.owner_died }).toStrictEqual({ active: 0, died: 0 });
  expect((await observer.integrityCheck()).ok).toBe(true);
});

it('ends the sessions of processes that nobody outlived at the next open', async () => {
  const all = ['a', 'b'].map(startWorker);
  await Promise.all(all.map((worker) => worker.said(20)));
  for (const worker of all) worker.process.kill('SIGKILL');
  await Promise.all(all.map((worker) => worker.exited));
  await using next = createSessionManager({ store: sqliteStore({ path: folder.database }) });
  await next.open();
  const { active, byReason } = await next.counts();
  expect(active).toBe(0);
  expect(byReason.owner_died).toBeGreaterThan(0);
  expect((await next.integrityCheck()).ok).toBe(true);
});
