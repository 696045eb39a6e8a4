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
 *   entries to be indexed    before the commit (at a savepoint FTS5 writes out what it has)
 *
 * An operation that fails takes back what it has put here, and nothing of the others.
 */
export interface WriteBatch {
  begin(): void;
  beginOperation(): void;
  endOperation(): void;
  /** Its savepoint has been rolled back. */
  undoOperation(): void;
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
  let read: Sessions = new Map();
  /** Activity that waits: of operations that are done, and of the one that runs. */
  let done: Sessions = new Map();
  let own: Sessions = new Map();
  /** What the running operation has written of the others' activity. */
  let settled: Sessions | undefined;
  let toIndex: IndexedEntry[] = [];
  let indexedBefore = 0;

  const lookUp = (id: string): CachedSession | undefined => {
    const row = prepare(findSql).get(id);
    return row === undefined ? undefined : { key: number(row, 'session_key'), session: rowToSession(row) };
  };
  const find = (id: string): CachedSession | undefined => {
    const known = own.get(id) ?? done.get(id) ?? read.get(id);
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
    if (done.size > 0) {
      for (const each of done.values()) store(each);
      settled = new Map([...(settled ?? []), ...done]);
      done = new Map();
    }
    for (const each of own.values()) store(each);
    own = new Map();
    read = new Map();
  };
  const forget = (): void => {
    active = false;
    [read, done, own, settled, toIndex] = [new Map(), new Map(), new Map(), undefined, []];
  };

  return {
    find,
    settle,
    moveActivity(session) {
      const found = find(session.id);
      if (found?.session.state !== 'active') throw new Error(`session ${session.id} is not active`);
      const moved = { key: found.key, session };
      if (active) own.set(session.id, moved);
      else store(moved);
    },
    index(entry) {
      if (active) toIndex.push(entry);
      else index(entry);
    },
    begin() {
      forget();
      active = true;
    },
    beginOperation() {
      indexedBefore = toIndex.length;
    },
    endOperation() {
      for (const [id, each] of own) done.set(id, each);
      own = new Map();
      settled = undefined;
    },
    undoOperation() {
      done = new Map([...(settled ?? []), ...done]);
      [read, own, settled] = [new Map(), new Map(), undefined];
      toIndex.length = indexedBefore;
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
