import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

import {
  createSessionManager,
  memoryStore,
  sqliteStore,
  type CallerEndReason,
  type Entry,
  type JsonObject,
  type Session,
  type SessionManager,
  type SessionStore,
} from '../src/index.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

const metadata = z.strictObject({ model: z.string().min(1), retries: z.number().int().default(0) });
const entries = {
  message: z.object({ role: z.enum(['user', 'assistant']) }),
  action: z.object({ tool: z.string(), at: z.string().transform((text) => text.toUpperCase()) }),
  note: z.undefined(),
};

function createTyped(store: SessionStore) {
  return createSessionManager({ store, metadata, entries });
}
type Typed = ReturnType<typeof createTyped>;

describe.each(['memory', 'sqlite'] as const)('a manager with schemas on the %s store', (kind) => {
  let folder: ScratchFolder;
  let manager: Typed;

  beforeEach(async () => {
    folder = await scratchFolder();
    manager = createTyped(kind === 'memory' ? memoryStore() : sqliteStore({ path: folder.database }));
  });
  afterEach(async () => {
    await manager.close();
    await folder[Symbol.asyncDispose]();
  });

  it('stores what the schemas put out', async () => {
    const session = await manager.start({ kind: 'test', metadata: { model: 'm1' } });
    expect(session.metadata).toStrictEqual({ model: 'm1', retries: 0 });
    expect((await manager.get(session.id)).metadata).toStrictEqual({ model: 'm1', retries: 0 });
    await manager.record(session.id, [
      { type: 'message', text: 'hello', data: { role: 'user' } },
      { type: 'action', data: { tool: 'ls', at: 'home' } },
      { type: 'note', text: 'nothing else' },
    ]);
    const found = await manager.entries(session.id);
    expect(found.entries.map((entry) => entry.data)).toStrictEqual([
      { role: 'user' },
      { tool: 'ls', at: 'HOME' },
      null,
    ]);
    const key = { source: 's', externalId: 'e' };
    const line = {
      type: 'message' as const,
      data: { role: 'user' as const },
      text: 'a',
      idempotencyKey: '1',
    };
    const live = await manager.recordByExternalId({
      kind: 'test',
      ...key,
      metadata: { model: 'm2', retries: 2 },
      entries: [line],
    });
    expect(live.session.metadata.retries).toBe(2);
  });

  it.each<[string, (id: string) => Promise<unknown>, string, string]>([
    ['no metadata', () => manager.start({ kind: 't' } as never), 'INVALID_OPTIONS', 'metadata.model'],
    [
      'metadata of another form',
      () => manager.start({ kind: 't', metadata: { model: '' } }),
      'INVALID_OPTIONS',
      'metadata.model',
    ],
    [
      'metadata with a field too many',
      () => manager.start({ kind: 't', metadata: { model: 'm', other: 1 } as never }),
      'INVALID_OPTIONS',
      'metadata',
    ],
    [
      'an import without metadata',
      () =>
        manager.importSession({
          kind: 't',
          source: 's',
          externalId: 'e',
          startedAt: 0,
          endedAt: 1,
          entries: [],
        } as never),
      'INVALID_OPTIONS',
      'metadata.model',
    ],
    [
      'an unknown type of entry',
      (id) => manager.record(id, { type: 'other', text: 'x' } as never),
      'INVALID_ENTRY',
      'type',
    ],
    [
      'a type that every object has',
      (id) => manager.record(id, { type: 'toString', text: 'x' } as never),
      'INVALID_ENTRY',
      'type',
    ],
    [
      'data of another form',
      (id) =>
        manager.record(id, [
          { type: 'note', text: 'good' },
          { type: 'message', data: { role: 'robot' } as never },
        ]),
      'INVALID_ENTRY',
      '1.data.role',
    ],
    [
      'no data where some is needed',
      (id) => manager.record(id, { type: 'message', text: 'x' } as never),
      'INVALID_ENTRY',
      'data',
    ],
  ])('refuses %s, and writes nothing', async (_name, attempt, code, path) => {
    const { id } = await manager.start({ kind: 'test', metadata: { model: 'm1' } });
    const error: unknown = await attempt(id).then(
      () => 'nothing was refused',
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: 'SessionError', code, path });
    expect((error as Error).message.split('\n')).toHaveLength(1);
    expect((await manager.list()).sessions).toHaveLength(1);
    expect((await manager.entries(id)).entries).toStrictEqual([]);
  });
});

it('waits for a schema that is asynchronous', async () => {
  const known = z.object({ team: z.string().refine(async (team) => Promise.resolve(team === 'blue')) });
  await using manager = createSessionManager({ store: memoryStore(), metadata: known });
  await manager.start({ kind: 'test', metadata: { team: 'blue' } });
  await expect(manager.start({ kind: 'test', metadata: { team: 'red' } })).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path: 'metadata.team',
  });
});

it('holds what comes out of a schema to plain JSON', async () => {
  const dated = z.object({ at: z.string().transform((text) => new Date(text)) });
  await using manager = createSessionManager({ store: memoryStore(), metadata: dated });
  await expect(manager.start({ kind: 'test', metadata: { at: '2026-01-01' } })).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path: 'metadata.at',
  });
});

it('refuses what is no schema', () => {
  const store = memoryStore();
  for (const wrong of [
    { metadata: {} },
    { metadata: 'json' },
    { entries: { a: z.object }, metadata: null },
  ]) {
    expect(() => createSessionManager({ store, ...wrong } as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS' }),
    );
  }
});

it('infers metadata and entries from the schemas', () => {
  type TypedSession = Awaited<ReturnType<Typed['get']>>;
  expectTypeOf<TypedSession['metadata']>().toEqualTypeOf<{ model: string; retries: number }>();
  type TypedEntry = Awaited<ReturnType<Typed['record']>>[number];
  expectTypeOf<TypedEntry['type']>().toEqualTypeOf<'message' | 'action' | 'note'>();
  expectTypeOf<Extract<TypedEntry, { type: 'action' }>['data']>().toEqualTypeOf<{
    tool: string;
    at: string;
  } | null>();
  expectTypeOf<Extract<TypedEntry, { type: 'note' }>['data']>().toEqualTypeOf<null>();
  // It takes less than a manager without schemas does.
  expectTypeOf<Typed>().not.toExtend<SessionManager>();

  // Without schemas everything is as JSON has it.
  const bare = createSessionManager({ store: memoryStore() });
  expectTypeOf(bare).toEqualTypeOf<SessionManager>();
  expectTypeOf<Session['metadata']>().toEqualTypeOf<JsonObject>();
  expectTypeOf<Entry['type']>().toEqualTypeOf<string>();
  expectTypeOf<Entry['data']>().toEqualTypeOf<JsonObject | null>();
  expectTypeOf<CallerEndReason>().not.toEqualTypeOf<string>();

  // Compiled, never run: each line must be refused by the compiler.
  const wrong = (manager: Typed, id: string): unknown[] => [
    // @ts-expect-error metadata is needed
    manager.start({ kind: 'test' }),
    // @ts-expect-error metadata of another form
    manager.start({ kind: 'test', metadata: { model: 1 } }),
    // @ts-expect-error an unknown type of entry
    manager.record(id, { type: 'massage', data: { role: 'user' } }),
    // @ts-expect-error data of another type's form
    manager.record(id, { type: 'message', data: { tool: 'ls', at: '' } }),
    // @ts-expect-error data is needed
    manager.record(id, { type: 'message', text: 'x' }),
    manager.record(id, [
      { type: 'note', text: 'x' },
      // @ts-expect-error one of many is wrong
      { type: 'action', data: { tool: 1, at: '' } },
    ]),
    // @ts-expect-error there is no such field
    manager.get(id).then((session) => session.metadata.modle),
    // @ts-expect-error a reason that only the store gives
    manager.end(id, { reason: 'imported' }),
    manager.events.on('session:recorded', ({ entries: recorded }) => {
      for (const entry of recorded) {
        // @ts-expect-error only actions have a tool
        if (entry.type === 'message') entry.data?.tool.trim();
        if (entry.type === 'action') entry.data?.tool.toUpperCase();
      }
    }),
    // @ts-expect-error metadata is an object
    createSessionManager({ store: memoryStore(), metadata: z.string() }),
  ];
  expectTypeOf(wrong).toBeFunction();
});
