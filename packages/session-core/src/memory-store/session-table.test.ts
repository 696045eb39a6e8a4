import { expect, it } from 'vitest';

import { deadlineOf } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import { createSessionTable } from './session-table.ts';
import { sampleSession } from '../../test/sample-session.ts';

const times = {
  startedAt: 1_700_000_000_000,
  lastActiveAt: 1_700_000_000_500,
  idleTtlMs: 1_000,
  maxLifetimeMs: 9_000,
};

const plain = sampleSession({ id: 'ses_plain', ...times });

it('gives back every field as it was given', () => {
  const table = createSessionTable();
  const different = (
    [
      plain,
      { ...plain, id: 'a', kind: 'other' },
      { ...plain, id: 'b', project: '/p' },
      { ...plain, id: 'c', agent: 'agent' },
      { ...plain, id: 'd', user: 'user' },
      { ...plain, id: 'e', parentId: 'ses_plain' },
      { ...plain, id: 'f', source: 'source', externalId: 'external' },
      { ...plain, id: 'g', continues: 'f' },
      { ...plain, id: 'h', metadata: { model: 'm' } },
      { ...plain, id: 'i', owner: { identity: 'one', host: 'here' } },
      { ...plain, id: 'j', owner: { identity: 'one', host: 'there' } },
      { ...plain, id: 'k', owner: { identity: 'two', host: 'here' } },
      { ...plain, id: 'p', clockOffsetMs: -5_000 },
      { ...plain, id: 'l', revision: 2, entryCount: 7 },
      { ...plain, id: 'm', state: 'ended', endedAt: times.startedAt, endReason: 'completed', revision: 2 },
      {
        ...plain,
        id: 'n',
        state: 'ended',
        endedAt: times.startedAt,
        endReason: 'terminated',
        endNote: 'note',
      },
      { ...plain, id: 'o', lastActiveAt: times.startedAt + 3 * 2 ** 31, maxLifetimeMs: 3 * 2 ** 31 + 1 },
    ] as Session[]
  ).map((session) => ({ ...session, expiresAt: deadlineOf(session).at }));
  for (const session of different) table.set(session.id, session);
  expect([...table.values()]).toStrictEqual(different);
  for (const session of different) expect(table.get(session.id)).toStrictEqual(session);
  expect(table.size).toBe(different.length);
});

it('keeps apart what was the same before a change', () => {
  const table = createSessionTable();
  table.set('a', { ...plain, id: 'a' });
  table.set('b', { ...plain, id: 'b' });
  for (const change of [
    { kind: 'changed' },
    { project: 'p' },
    { agent: 'a' },
    { user: 'u' },
    { source: 's', externalId: 'x' },
    { owner: { identity: 'one', host: 'here' } },
    { owner: { identity: 'one', host: 'there' } },
    { metadata: { one: 1 } },
  ]) {
    table.set('a', { ...plain, id: 'a' });
    const changed = { ...plain, id: 'a', ...change };
    table.set('a', changed);
    expect(table.get('a')).toStrictEqual(changed);
    expect(table.get('b')).toStrictEqual({ ...plain, id: 'b' });
  }
});

it('gives each its own metadata', () => {
  const table = createSessionTable();
  table.set('a', { ...plain, id: 'a' });
  Object.assign(table.get('a')?.metadata ?? {}, { changed: true });
  expect(table.get('a')?.metadata).toStrictEqual({});
});

it('knows what it has and has not', () => {
  const table = createSessionTable();
  table.set('a', { ...plain, id: 'a' });
  expect([table.has('a'), table.has('b'), table.get('b')]).toStrictEqual([true, false, undefined]);
  table.delete('a');
  expect([table.has('a'), table.size, [...table.values()]]).toStrictEqual([false, 0, []]);
});

it('tells sessions apart when there are more kinds of them than it compares', () => {
  const table = createSessionTable();
  const count = 10_050;
  for (let index = 0; index < count; index += 1) {
    table.set(String(index), { ...plain, id: String(index), project: `p${index}` });
  }
  expect([...table.values()].every((session) => session.project === `p${session.id}`)).toBe(true);
});

it('moves the activity of one that is there, and leaves the rest of it alone', () => {
  const table = createSessionTable();
  const child = { ...plain, parentId: 'ses_parent', metadata: { model: 'm' } };
  table.set(child.id, child);
  const moved = { ...child, lastActiveAt: times.startedAt + 700, entryCount: 3 };
  table.moveActivity(moved);
  expect(table.get(child.id)).toStrictEqual({ ...moved, expiresAt: deadlineOf(moved).at });
  expect(() => table.moveActivity({ ...plain, id: 'ses_unknown' })).toThrow('ses_unknown');
});

it('tells what is active', () => {
  const table = createSessionTable();
  table.set(plain.id, plain);
  expect(table.isActive(plain.id)).toBe(true);
  table.set(plain.id, { ...plain, state: 'ended', endedAt: times.startedAt, endReason: 'completed' });
  expect(table.isActive(plain.id)).toBe(false);
  expect(table.isActive('ses_unknown')).toBe(false);
});
