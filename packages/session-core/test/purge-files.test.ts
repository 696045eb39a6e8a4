import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createSessionManager, sqliteStore, type NewEntry, type SessionManager } from '../src/index.ts';
import { openComponent } from '../src/sqlite-store/index.ts';
import { openLongConnection } from '../src/sqlite-store/long-work/long-connection.ts';
import { purgeSessions } from '../src/sqlite-store/long-work/purge-sessions.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

let folder: ScratchFolder;
let sessions: SessionManager;

beforeEach(async () => {
  folder = await scratchFolder();
  sessions = open();
});
afterEach(async () => {
  await sessions.close();
  await folder[Symbol.asyncDispose]();
});

const open = (): SessionManager =>
  createSessionManager({
    store: sqliteStore({ path: folder.database, durability: 'process-crash' }),
    owner: null,
  });

/** How often a text is in the files, whatever SQLite thinks of the place. */
function countInFiles(text: string): number {
  const home = join(folder.path, 'home');
  const files = readdirSync(home).map((file) => readFileSync(join(home, file)).toString('latin1'));
  return files.reduce((sum, content) => sum + content.toLowerCase().split(text.toLowerCase()).length - 1, 0);
}

/** Words without a common beginning. */
const scattered = (index: number): string => (Math.imul(index, 2_654_435_761) >>> 0).toString(36);

async function recordAll(id: string, entries: readonly NewEntry[]): Promise<void> {
  for (let at = 0; at < entries.length; at += 1_000) await sessions.record(id, entries.slice(at, at + 1_000));
}

describe('after a purge the files hold nothing of it', () => {
  it('no text, no data, no metadata, no note, no word of the index, not even the beginning of one', async () => {
    const kept = await sessions.start({ kind: 'test' });
    const gone = await sessions.start({ kind: 'test', metadata: { about: 'swordfish metadata' } });
    const batches = 24;
    for (let batch = 0; batch < batches; batch += 1) {
      const numbers = Array.from({ length: 250 }, (_, index) => batch * 250 + index);
      await sessions.record(
        kept.id,
        numbers.map((index) => ({ type: 'note', text: `plain ${scattered(index)} zebra${index}` })),
      );
      await sessions.record(
        gone.id,
        numbers.map((index) => ({
          type: 'note',
          text: `swordfish${scattered(index)} and swordfish${index}`,
          data: index % 10 === 0 ? { deep: [{ name: `swordfish data ${'long '.repeat(index)}` }] } : null,
          idempotencyKey: `swordfish-${index}`,
        })),
      );
    }
    await sessions.end(gone.id, { note: 'swordfish note' });
    expect(countInFiles('swordfish')).toBeGreaterThan(10_000);
    // So many pages of the index begin with such a word that some would stay in the list of pages.
    const database = new DatabaseSync(folder.database, { readOnly: true });
    const pages = database
      .prepare("SELECT count(*) AS count FROM entry_search_idx WHERE CAST(term AS TEXT) LIKE '0swordfish%'")
      .get();
    database.close();
    expect(pages?.['count']).toBeGreaterThan(10);

    expect(await sessions.purge({ sessionId: gone.id })).toStrictEqual({
      sessions: 1,
      entries: batches * 250,
      pending: false,
    });
    expect(countInFiles('swordfish')).toBe(0);
    expect(countInFiles('swordf')).toBe(0);
    expect((await sessions.integrityCheck()).problems).toStrictEqual([]);
    for (let index = 0; index < batches * 250; index += 97) {
      for (const text of [`zebra${index}`, scattered(index)]) {
        const { hits } = await sessions.search({ text, limit: 100 });
        expect(hits.map(({ entry }) => entry.text)).toContain(`plain ${scattered(index)} zebra${index}`);
      }
    }
  });

  it('also of one entry of many, long or short', async () => {
    const { id } = await sessions.start({ kind: 'test' });
    const long = `marlin ${'m4rlin '.repeat(20_000)}`;
    await recordAll(id, [
      ...Array.from({ length: 500 }, (_, index) => ({ type: 'note', text: `other ${scattered(index)}` })),
      { type: 'note', text: long, idempotencyKey: 'marlin-key' },
      { type: 'note', text: 'the last' },
    ]);
    expect(countInFiles('marlin')).toBeGreaterThan(0);
    expect(countInFiles('m4rlin')).toBeGreaterThan(1_000);
    expect((await sessions.purge({ sessionId: id, sequence: 501 })).pending).toBe(false);
    expect(countInFiles('marlin')).toBe(0);
    expect(countInFiles('m4rlin')).toBe(0);
    expect((await sessions.integrityCheck()).problems).toStrictEqual([]);
  });

  it('and neither do the rows of components that belong to it', async () => {
    await using notes = await openComponent({
      path: folder.database,
      component: 'notes',
      migrations: [
        {
          version: 1,
          oldestReader: 1,
          sql: `CREATE TABLE notes (
                  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, text TEXT) STRICT`,
        },
      ],
    });
    const ids = [(await sessions.start({ kind: 'test' })).id, (await sessions.start({ kind: 'test' })).id];
    for (const id of ids) {
      await notes.write((database) => database.prepare('INSERT INTO notes VALUES (?, ?)').run(id, 'halibut'));
    }
    await sessions.purge({ sessionId: ids[0] ?? '' }, { endActive: true });
    expect(await notes.read((database) => database.prepare('SELECT session_id FROM notes').all())).toEqual([
      { session_id: ids[1] },
    ]);
    await sessions.purge({ sessionId: ids[1] ?? '' }, { endActive: true });
    expect(countInFiles('halibut')).toBe(0);
  });
});

describe('while somebody reads all the time', () => {
  /** Leaves a purge pending, and what was purged in the files. */
  const purgeWhileReading = async (): Promise<{ readonly reader: DatabaseSync; readonly id: string }> => {
    const { id } = await sessions.start({ kind: 'test' });
    await sessions.record(id, { type: 'note', text: 'sturgeon' });
    const reader = new DatabaseSync(folder.database, { readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM entries').get();
    expect(await sessions.purge({ sessionId: id, sequence: 1 })).toMatchObject({ entries: 1, pending: true });
    expect(countInFiles('sturgeon')).toBeGreaterThan(0);
    return { reader, id };
  };

  it('a purge says that it is pending, and the next write brings it to its end', async () => {
    const { reader, id } = await purgeWhileReading();
    reader.close();
    await sessions.touch(id);
    expect(countInFiles('sturgeon')).toBe(0);
  });

  it('and when no write comes, the next one to open the database does', async () => {
    const { reader } = await purgeWhileReading();
    await sessions.close();
    expect(countInFiles('sturgeon')).toBeGreaterThan(0);
    // A second reader keeps the files from being tidied up by the last one to close.
    const other = new DatabaseSync(folder.database, { readOnly: true });
    other.prepare('SELECT count(*) FROM entries').get();
    reader.close();
    sessions = open();
    await sessions.counts();
    expect(countInFiles('sturgeon')).toBe(0);
    other.close();
  });
});

describe('a purge of much', () => {
  const count = 2_000;
  const recordMuch = async (): Promise<string> => {
    const { id } = await sessions.start({ kind: 'test', project: 'big' });
    await recordAll(
      id,
      Array.from({ length: count }, (_, index) => ({ type: 'note', text: `much ${scattered(index)}` })),
    );
    await sessions.end(id);
    return id;
  };
  const whole = { sessions: 1, entries: count, pending: false };

  it('lets others write meanwhile', async () => {
    await recordMuch();
    await using other = open();
    const small = await other.start({ kind: 'test' });
    const purge = { done: false };
    const purging = sessions.purge({ project: 'big' }).finally(() => (purge.done = true));
    let meanwhile = 0;
    do {
      await other.record(small.id, { type: 'note', text: 'meanwhile' });
      meanwhile += 1;
    } while (!purge.done);
    expect(await purging).toStrictEqual(whole);
    expect(countInFiles('much')).toBe(0);
    expect((await other.get(small.id)).entryCount).toBe(meanwhile);
  });

  it('stops between two transactions, and the next one does the rest', async () => {
    const id = await recordMuch();
    const connection = await openLongConnection({
      path: folder.database,
      durability: 'process-crash',
      readOnly: false,
    });
    let slices = 0;
    const stopping = (): boolean => (slices += 1) > 2;
    await expect(
      purgeSessions({ ...connection, stopping }, { project: 'big' }, false, Date.now()),
    ).rejects.toMatchObject({ code: 'STORE_CLOSED', path: folder.database });
    connection.database.close();
    const left = (await sessions.get(id)).entryCount;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(count);
    expect((await sessions.integrityCheck()).problems).toStrictEqual([]);
    expect(await sessions.purge({ project: 'big' })).toStrictEqual({ ...whole, entries: left });
    expect(countInFiles('much')).toBe(0);
  });

  it('stops when the store is closed, also when it has not begun', async () => {
    const id = await recordMuch();
    await using other = open();
    // They keep the thread busy, so that the purge is waiting when the store is closed.
    const checks = [sessions.integrityCheck(), sessions.integrityCheck()];
    const closed = sessions.purge({ project: 'big' }).catch((error: unknown) => error);
    // The store has been asked, and its thread has been given the purge.
    await sessions.counts();
    await sessions.close();
    expect(await closed).toMatchObject({ code: 'STORE_CLOSED' });
    for (const check of checks) expect((await check).problems).toStrictEqual([]);
    expect((await other.get(id)).entryCount).toBe(count);
    expect(await other.purge({ project: 'big' })).toStrictEqual(whole);
  });

  it('goes on when another manager on the same store is closed', async () => {
    await recordMuch();
    const store = sqliteStore({ path: folder.database, durability: 'process-crash' });
    await using one = createSessionManager({ store, owner: null });
    const two = createSessionManager({ store, owner: null });
    const { id } = await two.start({ kind: 'test', project: 'small' });
    await two.end(id);
    const purging = one.purge({ project: 'big' });
    const waiting = two.purge({ project: 'small' }).catch((error: unknown) => error);
    await one.counts();
    const closing = two.close();
    expect(await purging).toStrictEqual(whole);
    expect(await waiting).toMatchObject({ code: 'STORE_CLOSED' });
    await closing;
    expect((await one.get(id)).state).toBe('ended');
  });
});
