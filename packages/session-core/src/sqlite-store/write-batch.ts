import type { Session } from '../session/session.ts';
import type { Prepare } from './prepare.ts';
import { number, rowToSession, selectSession } from './session-columns.ts';

/*
 * What the operations of one transaction share, so that many records into one session do not read and
 * write its row, nor open the search index, again and again:
 *
 *   kept                     written
 *   -----------------------  ---------------------------------------------------------------
 *   sessions that were read  -
 *   activity of a session    before any other statement about sessions, and before the commit
 *   entries to be indexed    before the commit
 */
export interface WriteBatch {
  begin(): void;
  /** Writes everything; then the transaction can be committed. */
  flush(): void;
  /** The transaction has been rolled back. */
  abort(): void;
}

export interface CachedSession {
  readonly key: number;
  readonly session: Session;
}

export interface IndexedEntry {
  readonly entryKey: number | bigint;
  readonly text: string | null;
  readonly dataJson: string | null;
}

export interface BatchRows extends WriteBatch {
  /** The session as it is within the transaction. */
  find(id: string): CachedSession | undefined;
  /** Stores activity, at once or with the batch. */
  moveActivity(session: Session): void;
  index(entry: IndexedEntry): void;
  /** Writes the activity that waits and forgets what was read: some other statement follows. */
  settle(): void;
}

type Sessions = Map<string, CachedSession>;

export function createWriteBatch(prepare: Prepare): BatchRows {
  let active = false;
  const read: Sessions = new Map();
  /** Activity that waits. */
  const moved: Sessions = new Map();
  let toIndex: IndexedEntry[] = [];

  const lookUp = (id: string): CachedSession | undefined => {
    const row = prepare(findSql).get(id);
    return row === undefined ? undefined : { key: number(row, 'session_key'), session: rowToSession(row) };
  };
  const find = (id: string): CachedSession | undefined => {
    const known = moved.get(id) ?? read.get(id);
    if (known !== undefined) return known;
    const found = lookUp(id);
    if (active && found !== undefined) read.set(id, found);
    return found;
  };
  const store = ({ key, session }: CachedSession): void => {
    const { changes } = prepare(activitySql).run(session.lastActiveAt, session.entryCount, key);
    if (changes !== 1) throw new Error(`session ${session.id} is not active`);
  };
  const index = ({ entryKey, text, dataJson }: IndexedEntry): void => {
    if (dataJson === null) prepare(indexTextSql).run(entryKey, text);
    else prepare(indexSql).run(entryKey, text, dataJson);
  };
  const settle = (): void => {
    if (!active) return;
    for (const each of moved.values()) store(each);
    moved.clear();
    read.clear();
  };
  const forget = (): void => {
    active = false;
    moved.clear();
    read.clear();
    toIndex = [];
  };

  return {
    find,
    settle,
    moveActivity(session) {
      const found = find(session.id);
      if (found?.session.state !== 'active') throw new Error(`session ${session.id} is not active`);
      const after = { key: found.key, session };
      if (active) moved.set(session.id, after);
      else store(after);
    },
    index(entry) {
      if (active) toIndex.push(entry);
      else index(entry);
    },
    begin() {
      forget();
      active = true;
    },
    flush() {
      settle();
      for (const entry of toIndex) index(entry);
      forget();
    },
    abort: forget,
  };
}

const findSql = selectSession.replace('SELECT id', 'SELECT session_key, id') + ' WHERE id = ?';
const activitySql = `UPDATE sessions SET last_active_at = ?, entry_count = ?
                     WHERE session_key = ? AND ended_at IS NULL`;

/** The same strings as the view `entry_search_content` gives. */
const indexSql = `INSERT INTO entry_search (rowid, text, strings)
  VALUES (?, ?, (SELECT group_concat(atom, char(10)) FROM json_tree(?) WHERE type = 'text'))`;
const indexTextSql = 'INSERT INTO entry_search (rowid, text) VALUES (?, ?)';
