import { once } from 'node:events';
import process from 'node:process';
import { join } from 'node:path';
import { createSessionManager, sqliteStore } from '@endwell/session-core';
import { expect, test } from 'vitest';
import { type DiaryProcess, startDiary } from '../support/diary-process.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const WRITERS = 3;
/** Each; `pnpm soak` takes 2,000. */
const WRITES = Number(process.env['DIARY_KILL_WRITES'] ?? 150);
const KILLS = Number(process.env['DIARY_KILLS'] ?? 5);
/** How often one write is tried before the test gives up on it. */
const MAX_ATTEMPTS = 2_000;

interface Server {
  /** Where it listens now; a promise while it starts again. */
  address: Promise<string>;
  process: DiaryProcess;
}

async function start(home: string): Promise<Server> {
  const diary = startDiary(['serve', '--port', '0', '--rate', '1000000'], { home });
  return { process: diary, address: Promise.resolve(await diary.address()) };
}

/** Writes one entry until it is acknowledged, always with the same key, as a client has to. */
async function write(server: Server, sessionId: string, key: string): Promise<number> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const address = await server.address;
    let response: Response;
    try {
      response = await fetch(new URL(`/api/v1/sessions/${sessionId}/entries`, address), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ type: 'message', text: `text of ${key}` }),
      });
      if (response.status === 201) {
        const { sequence } = (await response.json()) as { sequence: number };
        return sequence;
      }
    } catch (error) {
      // The server was killed under this request: whether it was written is not known.
      if (!(error instanceof TypeError)) throw error;
      continue;
    }
    throw new Error(`${response.status} ${await response.text()}`);
  }
  throw new Error(`${key} was never acknowledged`);
}

test(
  `${WRITERS} writers, ${WRITES} acknowledged writes each, ${KILLS} SIGKILLs of the server: none lost, none twice`,
  { timeout: 900_000 },
  async () => {
    const home = await temporaryHome();
    const server = await start(home);
    const sessions = await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        const response = await fetch(new URL('/api/v1/sessions', await server.address), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"project":"killed"}',
        });
        return ((await response.json()) as { id: string }).id;
      }),
    );

    let acknowledged = 0;
    const sequences = new Map<string, number>();
    const total = WRITERS * WRITES;
    const writers = sessions.map(async (id, writer) => {
      for (let index = 0; index < WRITES; index += 1) {
        const key = `writer-${writer}-${index}`;
        sequences.set(key, await write(server, id, key));
        acknowledged += 1;
        kill();
      }
    });
    let kills = 0;
    // At even distances, each in the middle of what the other writers have in flight.
    function kill(): void {
      if (kills >= KILLS || acknowledged < ((kills + 1) * total) / (KILLS + 1)) return;
      kills += 1;
      const { child } = server.process;
      server.address = (async () => {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
        const next = await start(home);
        server.process = next.process;
        return await next.address;
      })();
    }
    await Promise.all(writers);
    expect(kills).toBe(KILLS);
    server.process.child.kill('SIGTERM');
    expect(await server.process.ended).toMatchObject({ code: 0 });

    await using manager = createSessionManager({
      store: sqliteStore({ path: join(home, 'data', 'endwell.db') }),
      owner: null,
    });
    for (const [writer, id] of sessions.entries()) {
      const stored = new Map<string, number>();
      for (let after: number | null = 0; after !== null;) {
        const page: Awaited<ReturnType<typeof manager.entries>> = await manager.entries(id, {
          after,
          limit: 1_000,
        });
        for (const { idempotencyKey, sequence } of page.entries) {
          expect(stored.has(idempotencyKey ?? ''), `${idempotencyKey} twice`).toBe(false);
          stored.set(idempotencyKey ?? '', sequence);
        }
        after = page.nextAfter;
      }
      expect(stored.size).toBe(WRITES);
      for (let index = 0; index < WRITES; index += 1) {
        const key = `writer-${writer}-${index}`;
        expect(stored.get(key), key).toBe(sequences.get(key));
      }
    }
    expect(await manager.integrityCheck()).toMatchObject({ ok: true });
  },
);
