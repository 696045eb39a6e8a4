import { afterEach, beforeEach, expect, it } from 'vitest';

import { scratchFolder, type ScratchFolder } from '../../test/scratch-folder.ts';
import { createSessionManager } from '../manager/create-session-manager.ts';
import { openSweeper, type Sweeper } from './open-sweeper.ts';
import { sqliteStore } from './sqlite-store.ts';
import { toStoreError } from './sqlite-error.ts';

let folder: ScratchFolder;
let sweeper: Sweeper;

beforeEach(async () => {
  folder = await scratchFolder();
  sweeper = await openSweeper({
    path: folder.database,

    onStored: () => {},
    toError: (error) => toStoreError(error, folder.database),
  });
});
afterEach(async () => {
  await sweeper.queue.drain();
  sweeper.database.close();
  await folder[Symbol.asyncDispose]();
});

it('is forbidden by the engine to create a session, whatever it tries, and may end one', async () => {
  await using manager = createSessionManager({ store: sqliteStore({ path: folder.database }) });
  const session = await manager.start({ kind: 'test' });
  const { database, rows, queue } = sweeper;
  const copy = { ...session, id: session.id.replace(/.$/, 'x') };
  const columns =
    'kind, started_at, last_active_at, idle_ttl_ms, max_lifetime_ms, check_at, revision, entry_count';
  database.exec('CREATE TEMP TABLE wishes (id TEXT)');
  database.exec(`CREATE TEMP TRIGGER grant AFTER INSERT ON wishes BEGIN
    INSERT INTO main.sessions (id, ${columns}) VALUES (NEW.id, 'zombie', 1, 1, 1, 1, 1, 1, 0); END`);
  for (const attempt of [
    () => rows.insert(copy),
    () => database.exec(`INSERT INTO sessions (id, ${columns}) SELECT 'zombie', ${columns} FROM sessions`),
    () => database.exec(`REPLACE INTO sessions (id, ${columns}) SELECT 'zombie', ${columns} FROM sessions`),
    () =>
      database.exec(
        `INSERT INTO sessions (id, ${columns}) VALUES ('zombie', 'k', 1, 1, 1, 1, 1, 1, 0) ON CONFLICT DO NOTHING`,
      ),
    () => database.exec("INSERT INTO wishes VALUES ('zombie')"),
  ]) {
    await expect(queue.add(attempt)).rejects.toMatchObject({ code: 'CREATION_DURING_CLEANUP' });
  }
  await queue.add(() =>
    rows.markEnded({ ...session, state: 'ended', endedAt: 1, endReason: 'idle_timeout', revision: 2 }),
  );
  expect((await manager.get(session.id)).endReason).toBe('idle_timeout');
  expect((await manager.list()).sessions).toHaveLength(1);
});
