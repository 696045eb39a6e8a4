import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createSessionManager, isSessionError, sqliteStore, type SessionErrorCode } from '../src/index.ts';
import { applyMigrations } from '../src/sqlite-store/apply-migrations.ts';
import { coreSchema } from '../src/sqlite-store/core-migrations.ts';
import { checkSqliteVersion } from '../src/sqlite-store/open-database.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

let folder: ScratchFolder;

beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

/** Opens the database and tells the code of the refusal. */
async function codeOfOpen(path: string, readOnly: boolean = false): Promise<SessionErrorCode | 'opened'> {
  await using manager = createSessionManager({ store: sqliteStore({ path, readOnly }) });
  try {
    await manager.counts();
    return 'opened';
  } catch (error) {
    if (!isSessionError(error) || error.message.includes('\n')) throw error;
    return error.code;
  }
}

/** Makes a database of ours and lets the caller change it. */
async function changedDatabase(change: (database: DatabaseSync) => void): Promise<void> {
  await using manager = createSessionManager({ store: sqliteStore({ path: folder.database }) });
  await manager.start({ kind: 'test' });
  await manager.close();
  const database = new DatabaseSync(folder.database);
  change(database);
  database.close();
}

describe('the files', () => {
  it('are one database, its WAL files and a bell, for their user only', async () => {
    await using manager = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    expect(readdirSync(folder.path)).toStrictEqual([]);
    const { id } = await manager.start({ kind: 'test' });
    await manager.record(id, { type: 'message', text: 'hello' });
    const home = join(folder.path, 'home');
    const files = ['endwell.db', 'endwell.db-shm', 'endwell.db-wal', 'endwell.db.bell'];
    expect(readdirSync(home).toSorted()).toStrictEqual(files);
    expect((statSync(home).mode & 0o777).toString(8)).toBe('700');
    for (const file of files) expect((statSync(join(home, file)).mode & 0o777).toString(8)).toBe('600');
    expect(statSync(join(home, 'endwell.db.bell')).size).toBe(0);
  });

  it('are not made by a manager that nobody uses', async () => {
    const manager = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    await manager.endOwned({ reason: 'shutdown' });
    await manager.close();
    expect(readdirSync(folder.path)).toStrictEqual([]);
  });

  it('survive a bell that somebody removes', async () => {
    await using one = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    await using other = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    await one.open();
    await other.open();
    const feed = other.watch();
    const first = feed.next();
    await one.start({ kind: 'before' });
    expect((await first).value?.type).toBe('session:started');
    // Who opens the store now rings another bell than those who opened it before.
    rmSync(`${folder.database}.bell`);
    const second = feed.next();
    await using late = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    const { id } = await late.start({ kind: 'after' });
    expect((await second).value?.sessionId).toBe(id);
    const third = late.watch().next();
    await late.counts();
    await one.end(id);
    expect((await third).value?.reason).toBe('completed');
  });
});

describe('what is refused', () => {
  it('a file that is no database, unchanged', async () => {
    const path = join(folder.path, 'notes.txt');
    const text = 'these are notes, and no database\n'.repeat(100);
    writeFileSync(path, text);
    expect(await codeOfOpen(path)).toBe('STORE_NOT_A_DATABASE');
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(folder.path)).toStrictEqual(['notes.txt']);
  });

  it('the database of another program, unchanged', async () => {
    const path = join(folder.path, 'other.db');
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE sessions (id TEXT)');
    other.close();
    const before = readFileSync(path);
    expect(await codeOfOpen(path)).toBe('STORE_FOREIGN_DATABASE');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder.path)).toStrictEqual(['other.db']);
  });

  it('a newer schema that this version does not understand, unchanged', async () => {
    await changedDatabase((database) => {
      database.exec("INSERT INTO migrations VALUES ('core', 99, 99, 0); PRAGMA wal_checkpoint(TRUNCATE)");
    });
    const before = readFileSync(folder.database);
    expect(await codeOfOpen(folder.database)).toBe('STORE_SCHEMA_TOO_NEW');
    expect(await codeOfOpen(folder.database, true)).toBe('STORE_SCHEMA_TOO_NEW');
    expect(readFileSync(folder.database).equals(before)).toBe(true);
  });

  it('not a newer schema that says older programs may use it', async () => {
    await changedDatabase((database) => {
      database.exec("INSERT INTO migrations VALUES ('core', 99, 1, 0)");
    });
    expect(await codeOfOpen(folder.database)).toBe('opened');
  });

  it('a damaged database', async () => {
    await changedDatabase((database) => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    const bytes = readFileSync(folder.database);
    bytes.fill(0xff, 100, 4096 * 3);
    writeFileSync(folder.database, bytes);
    expect(await codeOfOpen(folder.database)).toBe('STORE_CORRUPT');
  });

  it('a path through a file, a folder as the file, and nothing to read', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    mkdirSync(join(folder.path, 'folder'));
    expect(await codeOfOpen(join(folder.path, 'file', 'endwell.db'))).toBe('STORE_UNREADABLE');
    expect(await codeOfOpen(join(folder.path, 'folder'))).toBe('STORE_UNREADABLE');
    expect(await codeOfOpen(folder.database, true)).toBe('STORE_UNREADABLE');
    expect(readdirSync(folder.path)).toStrictEqual(['file', 'folder']);
  });

  it('a folder that may not be read or written, as an ordinary user', async () => {
    const locked = join(folder.path, 'locked');
    mkdirSync(locked, { mode: 0o000 });
    const program = fileURLToPath(new URL('fixtures/open-and-report.ts', import.meta.url));
    // Root may do everything: then the attempt is made as somebody else.
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    chmodSync(folder.path, 0o755);
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--conditions=@endwell/source',
        program,
        join(locked, 'endwell.db'),
        join(folder.path, 'new', 'endwell.db'),
      ],
      { encoding: 'utf8', cwd: '/', ...user },
    );
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toStrictEqual(
      'uid' in user ? ['STORE_UNREADABLE', 'STORE_UNREADABLE'] : ['STORE_UNREADABLE', 'opened'],
    );
    chmodSync(locked, 0o700);
  });

  it('an SQLite that can damage the database', () => {
    expect(() => checkSqliteVersion('3.51.2')).toThrow(
      expect.objectContaining({ code: 'STORE_SQLITE_TOO_OLD' }),
    );
    expect(() => checkSqliteVersion('3.9.100')).toThrow(
      expect.objectContaining({ code: 'STORE_SQLITE_TOO_OLD' }),
    );
    for (const version of ['3.51.3', '3.52.0', '4.0.0', undefined]) checkSqliteVersion(version);
  });
});

describe('a read-only store', () => {
  it('reads, watches, writes nothing and ends nothing', async () => {
    await using writer = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    const session = await writer.start({ kind: 'test' });
    await using reader = createSessionManager({
      store: sqliteStore({ path: folder.database, readOnly: true }),
    });
    expect(await reader.get(session.id)).toStrictEqual(session);
    for (const attempt of [
      () => reader.start({ kind: 'test' }),
      () => reader.touch(session.id),
      () => reader.end(session.id),
      () => reader.record(session.id, { type: 'x', text: 'y' }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
    }
    expect(await reader.sweep()).toStrictEqual([]);
    const next = reader.watch().next();
    await reader.counts();
    await writer.end(session.id);
    expect((await next).value?.reason).toBe('completed');
  });
});

describe('a migration', () => {
  it('that fails leaves nothing behind, and what was there is kept', async () => {
    await changedDatabase(() => {});
    const database = new DatabaseSync(folder.database);
    const { component, migrations } = coreSchema;
    const broken = {
      version: migrations.length + 1,
      oldestReader: 1,
      sql: 'CREATE TABLE half (id TEXT); CREATE TABLE sessions (id)',
    };
    expect(() => applyMigrations(database, { component, migrations: [...migrations, broken] }, 0)).toThrow(
      'already exists',
    );
    expect(database.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE name = 'half'").get()).toEqual(
      {
        count: 0,
      },
    );
    const added = { ...broken, sql: 'ALTER TABLE sessions ADD COLUMN later TEXT' };
    applyMigrations(database, { component, migrations: [...migrations, added] }, 0);
    database.close();
    await using manager = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    expect((await manager.list()).sessions).toHaveLength(1);
  });
});

describe('the engine itself', () => {
  it('refuses a second end event and a resurrection, whatever a program does', async () => {
    await using manager = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    const { id } = await manager.start({ kind: 'test' });
    await manager.end(id);
    const database = new DatabaseSync(folder.database);
    try {
      expect(() =>
        database.exec(
          `INSERT INTO session_events (type, session_id, revision, at) VALUES ('session:ended', '${id}', 3, 0)`,
        ),
      ).toThrow('UNIQUE');
      expect(() =>
        database.exec(
          `UPDATE sessions SET ended_at = NULL, end_reason = NULL, check_at = 1 WHERE id = '${id}'`,
        ),
      ).toThrow('stays ended');
    } finally {
      database.close();
    }
  });

  it('finds what a program broke', async () => {
    await using manager = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    const { id } = await manager.start({ kind: 'test' });
    await manager.record(id, [
      { type: 'x', text: 'one' },
      { type: 'x', text: 'two' },
    ]);
    expect(await manager.integrityCheck()).toStrictEqual({ ok: true, problems: [] });
    const database = new DatabaseSync(folder.database);
    database.exec('DELETE FROM entries WHERE sequence = 1');
    database.close();
    const report = await manager.integrityCheck();
    expect(report).toStrictEqual({ ok: false, problems: [`session ${id} counts 2 entries and has 1`] });
  });
});
