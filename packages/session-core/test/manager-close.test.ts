import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { createSessionManager, memoryStore, sqliteStore, type SessionManager } from '../src/index.ts';
import { fakeClock } from '../src/testing/index.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

let folder: ScratchFolder;
let manager: SessionManager;
const clock = fakeClock();

beforeEach(async () => {
  folder = await scratchFolder();
  manager = createSessionManager({ store: sqliteStore({ path: folder.database }), clock, owner: null });
});
afterEach(async () => {
  await manager.close();
  await folder[Symbol.asyncDispose]();
});

/** Keeps every other connection from writing until it is disposed of. */
function holdWriteLock(path: string): Disposable {
  const database = new DatabaseSync(path);
  database.exec('BEGIN IMMEDIATE');
  return {
    [Symbol.dispose]() {
      database.exec('COMMIT');
      database.close();
    },
  };
}

it('waits for what is under way, and refuses what comes after', async () => {
  const { id } = await manager.start({ kind: 'test' });
  const lock = holdWriteLock(folder.database);
  const recorded = manager.record(id, { type: 'note', text: 'in time' });
  // The record has reached the store and waits for the lock.
  await manager.get(id);
  const closed = manager.close();
  await expect(manager.touch(id)).rejects.toMatchObject({ code: 'MANAGER_CLOSED' });
  lock[Symbol.dispose]();
  await closed;
  expect((await recorded).map((entry) => entry.sequence)).toStrictEqual([1]);
  await using next = createSessionManager({
    store: sqliteStore({ path: folder.database }),
    clock,
    owner: null,
  });
  expect((await next.get(id)).entryCount).toBe(1);
});

it('tells an operation of several steps that the manager was closed between them', async () => {
  const { id } = await manager.start({ kind: 'test' });
  const entries = manager.entries(id);
  const children = manager.children(id);
  await Promise.all([
    manager.close(),
    expect(entries).rejects.toMatchObject({ code: 'MANAGER_CLOSED' }),
    expect(children).rejects.toMatchObject({ code: 'MANAGER_CLOSED' }),
  ]);
});

it('ends a watch that has begun without an error, also before its first event', async () => {
  const watch = manager.watch();
  const first = watch.next();
  await manager.close();
  expect(await first).toStrictEqual({ done: true, value: undefined });
});

it('judges a session by the time at which a step happens, not at which it was asked for', async () => {
  const { id } = await manager.start({ kind: 'test', idleTtlMs: 1_000 });
  const lock = holdWriteLock(folder.database);
  const touched = manager.touch(id).catch((error: unknown) => error);
  // The touch waits for the lock; meanwhile the deadline passes and somebody sees it.
  expect((await manager.get(id)).state).toBe('active');
  clock.jump(1_500);
  expect((await manager.get(id)).state).toBe('ended');
  lock[Symbol.dispose]();
  expect(await touched).toMatchObject({ code: 'SESSION_ENDED', reason: 'idle_timeout' });
  expect(await manager.get(id)).toMatchObject({ state: 'ended', endReason: 'idle_timeout' });
});

it('leaves nothing of an opening that failed', async () => {
  const store = memoryStore();
  let failures = 1;
  let listeners = 0;
  const failing = {
    ...store,
    async subscribe(listener: Parameters<typeof store.subscribe>[0]) {
      listeners += 1;
      const unsubscribe = await store.subscribe(listener);
      return () => {
        listeners -= 1;
        unsubscribe();
      };
    },
    async latestCursor() {
      failures -= 1;
      if (failures >= 0) throw new Error('not now');
      return store.latestCursor();
    },
  };
  const other = createSessionManager({ store: failing, clock, owner: null });
  const problems: unknown[] = [];
  other.events.on('manager:error', ({ error }) => void problems.push(error));
  await expect(other.open()).rejects.toThrow('not now');
  expect(listeners).toBe(0);
  const { id } = await other.start({ kind: 'test', idleTtlMs: 1_000 });
  expect(listeners).toBe(1);
  clock.jump(1_000);
  await other.sweep();
  expect((await other.get(id)).endReason).toBe('idle_timeout');
  await other.close();
  expect([listeners, clock.timerCount, problems]).toStrictEqual([0, 0, []]);
});

it('ends what is only about to start, too, when all that is owned is to end', async () => {
  await manager.open();
  const lock = holdWriteLock(folder.database);
  const starting = manager.start({ kind: 'test' });
  const ended = manager.endOwned({ reason: 'shutdown' });
  lock[Symbol.dispose]();
  const { id } = await starting;
  expect((await ended).map((session) => session.id)).toStrictEqual([id]);
  expect((await manager.get(id)).endReason).toBe('shutdown');
});
