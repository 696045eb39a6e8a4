import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createSessionManager, sqliteStore } from '../src/index.ts';
import { openComponent, type Migration, type OpenComponentOptions } from '../src/sqlite-store/index.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

let folder: ScratchFolder;

beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

const migrations: readonly Migration[] = [
  {
    version: 1,
    oldestReader: 1,
    sql: `CREATE TABLE notes (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            text       TEXT NOT NULL UNIQUE
          ) STRICT`,
  },
];

const options = (changes: Partial<OpenComponentOptions> = {}): OpenComponentOptions => ({
  path: folder.database,
  component: 'notes',
  migrations,
  ...changes,
});

describe('a component', () => {
  it('has its tables beside those of the sessions, whoever comes first', async () => {
    await using notes = await openComponent(options());
    await using sessions = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    const { id } = await sessions.start({ kind: 'test' });
    await notes.write((database) => database.prepare('INSERT INTO notes VALUES (?, ?)').run(id, 'one'));
    const found = await notes.read((database) =>
      database.prepare('SELECT text, kind FROM notes JOIN sessions ON id = session_id').all(),
    );
    expect(found).toEqual([{ text: 'one', kind: 'test' }]);
    await using late = await openComponent(options());
    expect(await late.read((database) => database.prepare('SELECT text FROM notes').get())).toEqual({
      text: 'one',
    });
    const home = join(folder.path, 'home');
    for (const file of readdirSync(home)) expect(statSync(join(home, file)).mode & 0o077).toBe(0);
    expect((await sessions.integrityCheck()).problems).toStrictEqual([]);
  });

  it('writes many steps in few transactions, and takes back only the one that fails', async () => {
    await using notes = await openComponent(options({ durability: 'process-crash' }));
    await using sessions = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    const { id } = await sessions.start({ kind: 'test' });
    const insert = (text: string): Promise<unknown> =>
      notes.write((database) => database.prepare('INSERT INTO notes VALUES (?, ?)').run(id, text));
    const outcomes = await Promise.allSettled(['a', 'b', 'a', 'c'].map(insert));
    expect(outcomes.map(({ status }) => status)).toStrictEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'STORE_FAILED' } });
    expect(await notes.read((database) => database.prepare('SELECT text FROM notes').all())).toHaveLength(3);
  });

  it('waits for another process that holds the database, and keeps the engine safe to share', async () => {
    await using notes = await openComponent(options());
    const other = new DatabaseSync(folder.database);
    try {
      other.exec('BEGIN IMMEDIATE');
      const written = notes.write((database) => database.exec('CREATE TABLE scratch (id)'));
      // The write cannot have happened: only this turn of the loop ends the other's transaction.
      other.exec('COMMIT');
      await written;
    } finally {
      other.close();
    }
    const settings = await notes.read((database) =>
      ['secure_delete', 'foreign_keys', 'synchronous', 'trusted_schema', 'busy_timeout'].map(
        (name) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0],
      ),
    );
    // With 1 (NORMAL) the commit queue waits for the disk itself.
    expect(settings).toStrictEqual([1, 1, 1, 0, 0]);
  });

  it('is closed after what was given to it, once, and then refuses', async () => {
    const notes = await openComponent(options());
    const written = notes.write((database) => database.exec('CREATE TABLE late (id)'));
    await Promise.all([notes.close(), notes.close()]);
    await written;
    await expect(notes.write(() => {})).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(notes.read(() => {})).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });
});

describe('what openComponent refuses', () => {
  it('wrong options', async () => {
    const wrong: readonly [Partial<OpenComponentOptions>, string][] = [
      [{ component: 'core' }, 'component'],
      [{ component: 'No-Name' }, 'component'],
      [{ migrations: [] }, 'migrations'],
      [{ migrations: [{ version: 2, oldestReader: 1, sql: '' }] }, 'migrations'],
      [{ path: '' }, 'path'],
    ];
    for (const [change, path] of wrong) {
      await expect(openComponent(options(change))).rejects.toMatchObject({ code: 'INVALID_OPTIONS', path });
    }
    expect(readdirSync(folder.path)).toStrictEqual([]);
  });

  it('to write what is read-only, and to read what is not there or not up to date', async () => {
    const readOnly = options({ readOnly: true });
    await expect(openComponent(readOnly)).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    await (await openComponent(options())).close();
    await using notes = await openComponent(readOnly);
    await expect(notes.write(() => {})).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
    const later = [...migrations, { version: 2, oldestReader: 1, sql: 'CREATE TABLE later (id)' }];
    const older = openComponent(options({ readOnly: true, migrations: later }));
    await expect(older).rejects.toThrow('open it once for writing');
    const missing = openComponent(options({ readOnly: true, component: 'other' }));
    await expect(missing).rejects.toThrow('it has no other tables');
  });

  it('a newer schema of this component, and leaves the others usable', async () => {
    const newer = [...migrations, { version: 2, oldestReader: 2, sql: 'DROP TABLE notes' }];
    await (await openComponent(options({ migrations: newer }))).close();
    await expect(openComponent(options())).rejects.toMatchObject({ code: 'STORE_SCHEMA_TOO_NEW' });
    await using sessions = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    await sessions.start({ kind: 'test' });
  });

  it('an extension that cannot be loaded, and SQL that loads one', async () => {
    const broken = openComponent(options({ extensions: [join(folder.path, 'none')] }));
    await expect(broken).rejects.toMatchObject({ code: 'STORE_FAILED', path: join(folder.path, 'none') });
    await using notes = await openComponent(options());
    const load = notes.read((database) => database.prepare("SELECT load_extension('none')").get());
    await expect(load).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });
});
