import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  createSessionManager,
  memoryStore,
  sqliteStore,
  type SessionErrorCode,
  type SessionManager,
} from '../src/index.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

type Attempt = (manager: SessionManager, id: string) => unknown;

function nested(depth: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let level = 0; level < depth; level += 1) value = { value };
  return value;
}

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

const day = 86_400_000;

/** What is tried, the code, and where the error says that the fault is. */
const table: [string, Attempt, SessionErrorCode, string?][] = [
  ...[0, -1, Number.NaN, Infinity, 1.5, 7 * day + 1, '1000' as unknown as number].map(
    (idleTtlMs): [string, Attempt, SessionErrorCode, string] => [
      `an idle TTL of ${JSON.stringify(idleTtlMs)} (${String(idleTtlMs)})`,
      (manager) => manager.start({ kind: 'test', idleTtlMs }),
      'INVALID_OPTIONS',
      'idleTtlMs',
    ],
  ),
  ...[0, -1, Number.NaN, Infinity, 30 * day + 1].map(
    (maxLifetimeMs): [string, Attempt, SessionErrorCode, string] => [
      `a lifetime of ${String(maxLifetimeMs)}`,
      (manager) => manager.start({ kind: 'test', maxLifetimeMs }),
      'INVALID_OPTIONS',
      'maxLifetimeMs',
    ],
  ),
  ['no kind', (manager) => manager.start({} as never), 'INVALID_OPTIONS', 'kind'],
  ['an empty kind', (manager) => manager.start({ kind: '' }), 'INVALID_OPTIONS', 'kind'],
  ['a long kind', (manager) => manager.start({ kind: 'k'.repeat(65) }), 'INVALID_OPTIONS', 'kind'],
  ['NUL in a kind', (manager) => manager.start({ kind: 'a\0b' }), 'INVALID_OPTIONS', 'kind'],
  ['a lone surrogate', (manager) => manager.start({ kind: 't', user: '\ud800' }), 'INVALID_OPTIONS', 'user'],
  ['a misspelled option', (manager) => manager.start({ kind: 't', ttl: 5 } as never), 'INVALID_OPTIONS'],
  ['nothing at all', (manager) => manager.start(undefined as never), 'INVALID_OPTIONS'],
  ['half an id', (manager) => manager.start({ kind: 't', source: 's' }), 'INVALID_OPTIONS', 'externalId'],
  [
    'a bad owner',
    (manager) => manager.start({ kind: 't', owner: {} as never }),
    'INVALID_OPTIONS',
    'owner.bootId',
  ],
  [
    'a list as metadata',
    (manager) => manager.start({ kind: 't', metadata: [] as never }),
    'INVALID_OPTIONS',
    'metadata',
  ],
  [
    'a date in metadata',
    (manager) => manager.start({ kind: 't', metadata: { at: new Date(0) } }),
    'INVALID_OPTIONS',
    'metadata.at',
  ],
  [
    'NaN in metadata',
    (manager) => manager.start({ kind: 't', metadata: { n: [Number.NaN] } }),
    'INVALID_OPTIONS',
    'metadata.n.0',
  ],
  [
    'large metadata',
    (manager) => manager.start({ kind: 't', metadata: { text: 'x'.repeat(65_536) } }),
    'INVALID_OPTIONS',
    'metadata',
  ],
  ['an unknown parent', (manager) => manager.start({ kind: 't', parentId: 'ses_no' }), 'SESSION_NOT_FOUND'],

  ['an unknown id to get', (manager) => manager.get('ses_unknown'), 'SESSION_NOT_FOUND'],
  ['an unknown id to touch', (manager) => manager.touch('ses_unknown'), 'SESSION_NOT_FOUND'],
  ['an unknown id to end', (manager) => manager.end('ses_unknown'), 'SESSION_NOT_FOUND'],
  ['an unknown id to list under', (manager) => manager.children('ses_unknown'), 'SESSION_NOT_FOUND'],
  ['an id that is no text', (manager) => manager.get(7 as never), 'INVALID_OPTIONS', 'id'],
  ['NUL in an id', (manager) => manager.get('ses_\0'), 'SESSION_NOT_FOUND'],

  [
    'an entry without a type',
    (manager, id) => manager.record(id, { text: 'x' } as never),
    'INVALID_ENTRY',
    'type',
  ],
  ['an entry without content', (manager, id) => manager.record(id, { type: 'x' }), 'INVALID_ENTRY'],
  ['NUL in a text', (manager, id) => manager.record(id, { type: 'x', text: 'a\0' }), 'INVALID_ENTRY', 'text'],
  [
    'a lone surrogate in a text',
    (manager, id) => manager.record(id, { type: 'x', text: 'a\udc00' }),
    'INVALID_ENTRY',
    'text',
  ],
  [
    'a lone surrogate in data',
    (manager, id) => manager.record(id, { type: 'x', data: { a: ['\ud83d'] } }),
    'INVALID_ENTRY',
    'data.a.0',
  ],
  [
    'NUL in a key of data',
    (manager, id) => manager.record(id, { type: 'x', data: { 'a\0': 1 } }),
    'INVALID_ENTRY',
    'data',
  ],
  [
    'an entry over 256 KiB',
    (manager, id) => manager.record(id, { type: 'x', text: 'é'.repeat(131_073) }),
    'INVALID_ENTRY',
    'text',
  ],
  ['deep data', (manager, id) => manager.record(id, { type: 'x', data: nested(100_000) }), 'INVALID_ENTRY'],
  [
    'data that contains itself',
    (manager, id) => manager.record(id, { type: 'x', data: cyclic }),
    'INVALID_ENTRY',
  ],
  [
    'a function in data',
    (manager, id) => manager.record(id, { type: 'x', data: { run: () => 1 } }),
    'INVALID_ENTRY',
    'data.run',
  ],
  [
    'a bigint in data',
    (manager, id) => manager.record(id, { type: 'x', data: { big: 1n } }),
    'INVALID_ENTRY',
    'data.big',
  ],
  [
    'text as data',
    (manager, id) => manager.record(id, { type: 'x', data: 'x' as never }),
    'INVALID_ENTRY',
    'data',
  ],
  [
    'one bad entry among good ones',
    (manager, id) =>
      manager.record(id, [
        { type: 'x', text: 'good' },
        { type: 'x', text: '\0' },
      ]),
    'INVALID_ENTRY',
    '1.text',
  ],
  [
    'too many entries',
    (manager, id) =>
      manager.record(
        id,
        Array.from({ length: 10_001 }, () => ({ type: 'x', text: 'y' })),
      ),
    'INVALID_ENTRY',
  ],

  [
    'a reason that only the store gives',
    (manager, id) => manager.end(id, { reason: 'idle_timeout' as never }),
    'INVALID_OPTIONS',
    'reason',
  ],
  ['a long note', (manager, id) => manager.end(id, { note: 'n'.repeat(1_001) }), 'INVALID_OPTIONS', 'note'],
  ['a page of nothing', (manager) => manager.list({ limit: 0 }), 'INVALID_OPTIONS', 'limit'],
  ['a page of too much', (manager) => manager.list({ limit: 501 }), 'INVALID_OPTIONS', 'limit'],
  [
    'an unknown reason',
    (manager) => manager.list({ endReason: 'x' as never }),
    'INVALID_OPTIONS',
    'endReason',
  ],
  ['a time that is none', (manager) => manager.list({ startedFrom: -1 }), 'INVALID_OPTIONS', 'startedFrom'],
  ['an unknown state', (manager) => manager.list({ state: 'closing' as never }), 'INVALID_OPTIONS', 'state'],
  ['a negative position', (manager, id) => manager.entries(id, { after: -1 }), 'INVALID_OPTIONS', 'after'],
];

describe.each(['memory', 'sqlite'] as const)('bad input to a manager on the %s store', (kind) => {
  let folder: ScratchFolder;
  let manager: SessionManager;

  beforeEach(async () => {
    folder = await scratchFolder();
    const store = kind === 'memory' ? memoryStore() : sqliteStore({ path: folder.database });
    manager = createSessionManager({ store });
  });
  afterEach(async () => {
    await manager.close();
    await folder[Symbol.asyncDispose]();
  });

  it.each(table)('refuses %s', async (_name, attempt, code, path) => {
    const session = await manager.start({ kind: 'test', metadata: { before: true } });
    const error = await (async () => attempt(manager, session.id))().then(
      () => 'nothing was refused',
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: 'SessionError', code, ...(path === undefined ? {} : { path }) });
    expect((error as Error).message.split('\n')).toHaveLength(1);
    expect((await manager.list()).sessions).toStrictEqual([session]);
    expect((await manager.entries(session.id)).entries).toStrictEqual([]);
  });

  it('takes what is just within the bounds', async () => {
    const { id } = await manager.start({ kind: 'k'.repeat(64), idleTtlMs: 7 * day, maxLifetimeMs: 30 * day });
    await manager.record(id, { type: 'x', text: 'é'.repeat(131_072) });
    await manager.record(id, { type: 'x', data: nested(63) });
    expect((await manager.get(id)).entryCount).toBe(2);
  });
});

it('refuses a manager with wrong options', () => {
  const store = memoryStore();
  for (const wrong of [
    {},
    { store: 'memory' },
    { store, idleTtlMs: 0 },
    { store, maxLifetimeMs: Number.NaN },
    { store, unknown: true },
    { store, owner: 'me' },
    { store, quotas: { perOwner: 0 } },
    { store, quotas: { perStore: Infinity } },
    { store, quotas: { perMachine: 5 } },
    { store, telemetry: { tracer: {} } },
    { store, telemetry: { meter: () => {} } },
    { store, maxEndsPerSecond: 0 },
    { store, maxEndsPerSecond: Infinity },
    { store, startRate: { perSecond: 0 } },
    { store, startRate: { perSecond: Number.NaN } },
    { store, startRate: { burst: 1.5 } },
    { store, startRate: { perSecond: 0.01, burst: 50 } },
  ]) {
    expect(() => createSessionManager(wrong as never)).toThrow(
      expect.objectContaining({ name: 'SessionError', code: 'INVALID_OPTIONS' }),
    );
  }
});
