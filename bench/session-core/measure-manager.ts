// One manager in a process of its own: what it keeps while it stands guard over the sessions of a database.
import process from 'node:process';
import { createSessionManager, sqliteStore, systemClock } from '@endwell/session-core';

const [path = '', role = ''] = process.argv.slice(2);
const collect = globalThis.gc;
if (collect === undefined) throw new Error('needs --expose-gc');

/** Counts the timers that are set and have not fired. */
const timers = new Set<object>();
const system = systemClock();
const clock: typeof system = {
  now: () => system.now(),
  setTimer(callback, delayMs) {
    const mark = {};
    timers.add(mark);
    const timer = system.setTimer(() => {
      timers.delete(mark);
      callback();
    }, delayMs);
    return {
      cancel() {
        timers.delete(mark);
        timer.cancel();
      },
    };
  },
};

/** What a manager that kept every session would hold. */
const kept: unknown[] = [];
if (role !== 'idle') {
  const manager = createSessionManager({
    store: sqliteStore({ path, durability: 'process-crash' }),
    clock,
    quotas: { perStore: 10_000_000 },
  });
  await manager.open();
  // A start and an end, so that it has also followed the events of others.
  const { id } = await manager.start({ kind: 'own' });
  await manager.end(id);
  await manager.counts();
  let cursor: string | null | undefined = role === 'keep' ? undefined : null;
  while (cursor !== null) {
    const page = await manager.list({ state: 'active', limit: 500, cursor });
    kept.push(...page.sessions);
    cursor = page.nextCursor;
  }
}
// What is freed late is freed now.
for (let round = 0; round < 5; round += 1) {
  collect();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
const { heapUsed, rss } = process.memoryUsage();
process.stdout.write(`${JSON.stringify({ heapUsed, rss, timers: timers.size, kept: kept.length })}\n`);
process.exit(0);
