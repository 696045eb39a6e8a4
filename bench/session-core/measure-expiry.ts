// One kind of expiring entries in a process of its own: `measure-expiry.ts <kind> <live> <ending> <path>`.
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, summarize, type Summary } from '../samples.ts';
import { kinds, type ExpiringKind } from './expiring-entries.ts';

export interface ExpiryFigures {
  readonly bytesPerEntry: number;
  readonly touchesPerSecond: Summary;
  readonly ended: number;
  readonly doubled: number;
  readonly latenessP50Ms: number;
  readonly latenessP99Ms: number;
  /** How much more heap is in use after the ends than before, when all were live. */
  readonly heapGrowthMb: number;
}

const [kind, live, ending, path = ''] = process.argv.slice(2);
const liveCount = Number(live);
const endingCount = Number(ending);
const windowMs = 10_000;
const longMs = 3_600_000;
/** As many callers at once: a transaction is shared by those that wait. */
const batchSize = 200;

const heap = (): number => {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

const entries = kinds[kind as ExpiringKind](path);
const keys: string[] = Array.from({ length: liveCount }, () => '');
await entries.touch(await entries.add(longMs));
const before = heap();
const filledAt = performance.now();
for (let index = 0; index < liveCount; index += batchSize) {
  const batch = Array.from({ length: Math.min(batchSize, liveCount - index) }, async () =>
    entries.add(longMs),
  );
  for (const [offset, key] of (await Promise.all(batch)).entries()) keys[index + offset] = key;
}
const msPerAdd = (performance.now() - filledAt) / liveCount;
const bytesPerEntry = (heap() - before) / liveCount;

const touches = Math.min(200_000, liveCount);
const touchRounds = 7;
const touchRates: number[] = [];
for (let round = 0; round < touchRounds; round += 1) {
  const touchedAt = performance.now();
  for (let index = 0; index < touches; index += batchSize) {
    const batch = Array.from({ length: batchSize }, async (_, offset) =>
      entries.touch(keys[((index + offset) * 7919) % liveCount] ?? ''),
    );
    await Promise.all(batch);
  }
  touchRates.push(touches / ((performance.now() - touchedAt) / 1000));
}

const dueAt = new Map<string, number>();
const lateness: number[] = [];
let doubled = 0;
const finished = Promise.withResolvers<void>();
entries.onGone((key) => {
  const due = dueAt.get(key);
  if (due === undefined) {
    doubled += 1;
    return;
  }
  dueAt.delete(key);
  lateness.push(Date.now() - due);
  if (lateness.length === endingCount) finished.resolve();
});
const firstAt = Date.now() + 1_000 + msPerAdd * endingCount * 2;
const addEnding = async (index: number): Promise<void> => {
  const due = Math.round(firstAt + (index / endingCount) * windowMs);
  const addedAt = Date.now();
  const ttlMs = Math.max(1, due - addedAt);
  dueAt.set(await entries.add(ttlMs), addedAt + ttlMs);
};
for (let index = 0; index < endingCount; index += batchSize) {
  const batch = Array.from({ length: Math.min(batchSize, endingCount - index) }, (_, offset) =>
    addEnding(index + offset),
  );
  await Promise.all(batch);
}
const heapBefore = heap();
await Promise.race([
  finished.promise,
  sleep(firstAt - Date.now() + windowMs + 120_000, undefined, { ref: true }),
]);
const latest = lateness.toSorted((a, b) => a - b);
const figures: ExpiryFigures = {
  bytesPerEntry,
  touchesPerSecond: summarize(touchRates),
  ended: lateness.length,
  doubled,
  latenessP50Ms: percentile(latest, 0.5),
  latenessP99Ms: percentile(latest, 0.99),
  heapGrowthMb: (heap() - heapBefore) / 1e6,
};
await entries.close();
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit(0);
