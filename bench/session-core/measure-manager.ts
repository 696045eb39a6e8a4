// One manager in a process of its own: what it keeps while it stands guard over the sessions of a database,
// and how late they end: `measure-manager.ts <path> idle|guard|keep` or `measure-manager.ts <path> ends <count>`.
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSessionManager, sqliteStore, systemClock } from '@endwell/session-core';
import { percentile } from '../samples.ts';

const [path = '', role = '', expected = '0'] = process.argv.slice(2);
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

/** What is freed late is freed now. */
const collectAll = async (): Promise<void> => {
  for (let round = 0; round < 5; round += 1) {
    collect();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
};

/** What a manager that kept every session would hold. */
const kept: unknown[] = [];
/** Outside the heap that is measured. */
const lateness = new Float64Array(Number(expected));
let ended = 0;
let peakHeap = 0;
if (role !== 'idle') {
  const manager = createSessionManager({
    store: sqliteStore({ path, durability: 'process-crash' }),
    clock,
    quotas: { perStore: 10_000_000 },
  });
  manager.events.on('session:ended', ({ session }) => {
    if (session.kind !== 'ending') return;
    lateness[ended] = Date.now() - session.expiresAt;
    ended += 1;
  });
  await manager.open();
  if (ended > 0) throw new Error(`${ended} sessions had ended before there was anybody to see it`);
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
await collectAll();
const { heapUsed, rss } = process.memoryUsage();
if (role === 'ends') {
  const givenUpAt = performance.now() + 180_000;
  for (let seen = -1; performance.now() < givenUpAt && seen < lateness.length; await sleep(500)) {
    // One more look after the last has ended.
    seen = ended;
    collect();
    peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed);
  }
}
const sorted = lateness.slice(0, ended).toSorted();
const ends = {
  ended,
  peakHeap,
  latenessP50Ms: percentile([...sorted], 0.5),
  latenessP99Ms: percentile([...sorted], 0.99),
};
process.stdout.write(`${JSON.stringify({ heapUsed, rss, timers: timers.size, kept: kept.length, ends })}\n`);
process.exit(0);
