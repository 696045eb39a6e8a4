import { join } from 'node:path';

import { createSessionManager, sqliteStore } from '@endwell/session-core';
import Database from 'better-sqlite3';
import connectPgSimple from 'connect-pg-simple';
import expressSession from 'express-session';
import createStoreClass from 'express-session-better-sqlite3';

import type { JournalText } from './journal-texts.ts';
import { startPostgres } from './postgres-server.ts';

/** Something that keeps a session for as long as it lives, on disk at each step. */
export interface SessionPeer {
  readonly name: string;
  /** A session's start, a record of each text, one after another, and its end. */
  readonly life: (id: string, texts: readonly JournalText[]) => Promise<void>;
  /** How many sessions are still there, or active. */
  readonly countLeft: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Each in the folder, and each waiting for the disk before it answers. */
export const peers: readonly ((folder: string) => Promise<SessionPeer>)[] = [
  openSessionCore,
  openExpressSqlite,
  openExpressPostgres,
];

async function openSessionCore(folder: string): Promise<SessionPeer> {
  const many = 1_000_000;
  const manager = createSessionManager({
    store: sqliteStore({ path: join(folder, 'endwell.db'), durability: 'power-loss' }),
    startRate: { perSecond: many, burst: many },
  });
  await manager.open();
  return {
    name: 'session-core, SQLite',
    async life(_id, texts) {
      const { id } = await manager.start({ kind: 'bench' });
      for (const text of texts) await manager.record(id, { type: 'note', ...text });
      await manager.end(id);
    },
    countLeft: async () => (await manager.counts()).active,
    close: () => manager.close(),
  };
}

async function openExpressSqlite(folder: string): Promise<SessionPeer> {
  const database = new Database(join(folder, 'express.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  const store = new (createStoreClass(expressSession, database))();
  return {
    name: 'express-session, SQLite (express-session-better-sqlite3)',
    life: (id, texts) => expressLife(store, id, texts),
    countLeft: () => countRows(store),
    close: async () => void database.close(),
  };
}

async function openExpressPostgres(folder: string): Promise<SessionPeer> {
  const postgres = await startPostgres(join(folder, 'postgres'));
  const Store = connectPgSimple(expressSession);
  const store = new Store({ pool: postgres.pool, createTableIfMissing: true, pruneSessionInterval: false });
  return {
    name: 'express-session, PostgreSQL (connect-pg-simple)',
    life: (id, texts) => expressLife(store, id, texts),
    async countLeft() {
      const { rows } = await postgres.pool.query<{ count: number }>('SELECT count(*)::int FROM session');
      return rows[0]?.count ?? Number.NaN;
    },
    async close() {
      store.close();
      await postgres.close();
    },
  };
}

/** A store knows only whole sessions: what is recorded is written again with each record. */
async function expressLife(
  store: expressSession.Store,
  id: string,
  texts: readonly JournalText[],
): Promise<void> {
  const expires = new Date(Date.now() + 3_600_000);
  const entries: JournalText[] = [];
  const set = (): Promise<void> =>
    settled((done) => {
      const session = { cookie: { originalMaxAge: 3_600_000, expires }, kind: 'bench', entries };
      store.set(id, session, done);
    });
  await set();
  for (const text of texts) {
    entries.push(text);
    await set();
  }
  await settled((done) => store.destroy(id, done));
}

function settled(call: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      if (error === undefined || error === null) resolve();
      else reject(new Error('the store failed', { cause: error }));
    });
  });
}

function countRows(store: expressSession.Store): Promise<number> {
  return new Promise((resolve, reject) => {
    if (store.length === undefined) throw new TypeError('this store does not count');
    store.length((error: unknown, count) => {
      if (error === undefined || error === null) resolve(count ?? Number.NaN);
      else reject(new Error('the store failed', { cause: error }));
    });
  });
}
