import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startDiary } from '../support/diary-process.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** `pnpm soak` takes ten minutes. */
const SECONDS = Number(process.env['DIARY_STEADY_SECONDS'] ?? 12);
const SAMPLES = 12;
const WRITERS = 8;
/** Between the second and the last third, when caches are full; a leak of a few hundred bytes a write is more in ten minutes. */
const MAX_GROWTH = 1.3;

test(
  `${SECONDS} seconds of writes, reads and streams leave the memory as it is`,
  { timeout: SECONDS * 10_000 + 120_000 },
  async () => {
    const diary = startDiary(['serve', '--port', '0', '--rate', '1000000'], { home: await temporaryHome() });
    const address = await diary.address();
    const stop = new AbortController();
    let writes = 0;
    const writers = Array.from({ length: WRITERS }, async () => {
      while (!stop.signal.aborted) {
        const started = await post(address, '/api/v1/sessions', { project: `project ${writes % 50}` });
        // A start that is refused for its rate is part of the work.
        if (started.status === 429) {
          await started.arrayBuffer();
          await wait(200);
          continue;
        }
        const { id } = (await started.json()) as { id: string };
        for (let index = 0; index < 200 && !stop.signal.aborted; index += 1) {
          const response = await post(address, `/api/v1/sessions/${id}/entries`, {
            type: 'message',
            text: 'x'.repeat(400),
          });
          expect(response.status, await response.text()).toBe(201);
          writes += 1;
        }
        await (await fetch(new URL(`/api/v1/sessions/${id}/summary`, address))).arrayBuffer();
        await (await fetch(new URL('/api/v1/usage', address))).arrayBuffer();
        const stream = new AbortController();
        const events = await fetch(new URL('/api/v1/events', address), { signal: stream.signal });
        await events.body?.getReader().read();
        stream.abort();
        await (await post(address, `/api/v1/sessions/${id}/end`, {})).arrayBuffer();
      }
    });
    const memory: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      await wait((SECONDS * 1_000) / SAMPLES);
      memory.push(await residentBytes(address));
    }
    stop.abort();
    await Promise.all(writers);
    const third = SAMPLES / 3;
    const [middle, last] = [median(memory.slice(third, 2 * third)), median(memory.slice(2 * third))];
    process.stdout.write(
      `${writes} writes; memory in MiB: ${memory.map((bytes) => Math.round(bytes / 2 ** 20)).join(' ')}\n`,
    );
    expect(writes).toBeGreaterThan(0);
    expect(last / middle).toBeLessThan(MAX_GROWTH);
    diary.child.kill('SIGTERM');
    expect(await diary.ended).toMatchObject({ code: 0, stderr: '' });
  },
);

async function post(address: string, path: string, body: object): Promise<Response> {
  return await fetch(new URL(path, address), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function residentBytes(address: string): Promise<number> {
  const metrics = await (await fetch(new URL('/metrics', address))).text();
  return Number(/^process_resident_memory_bytes (\d+)$/m.exec(metrics)?.[1]);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
