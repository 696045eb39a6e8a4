import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDiaryDatabase } from '../../src/database/open-diary-database.ts';
import { createTokenStore, type TokenStore } from '../../src/tokens/token-store.ts';
import { isAllowed } from '../../src/tokens/token-scope.ts';
import { isSameSecret } from '../../src/tokens/token-secret.ts';
import { temporaryHome } from '../support/temporary-home.ts';

interface Opened {
  readonly store: TokenStore;
  readonly path: string;
  readonly clock: { now: number };
}

async function open(): Promise<Opened> {
  const path = join(await temporaryHome(), 'endwell.db');
  const database = await openDiaryDatabase(path);
  onTestFinished(() => database.close());
  const clock = { now: 1_700_000_000_000 };
  return { store: createTokenStore(database, () => clock.now), path, clock };
}

test('a token is made, known by its secret, and listed without it', async () => {
  const { store } = await open();
  expect(await store.hasUsable()).toBe(false);
  const { token, secret } = await store.create({ name: 'laptop of Ada', scopes: ['write', 'read'] });
  expect(secret).toMatch(/^edw_[0-9a-f]{12}_[\w-]{43}$/);
  expect(token).toMatchObject({ name: 'laptop of Ada', scopes: ['read', 'write'], revokedAt: null });
  expect(await store.verify(secret)).toEqual(token);
  expect(await store.list()).toEqual([token]);
  expect(JSON.stringify(await store.list())).not.toContain(secret.slice(-43));
  expect(await store.hasUsable()).toBe(true);
});

test('the secret is nowhere in the files', async () => {
  const { store, path } = await open();
  const { secret } = await store.create({ name: 'a', scopes: ['admin'] });
  for (const file of [path, `${path}-wal`]) {
    const content = await readFile(file);
    expect(content.includes(secret)).toBe(false);
    expect(content.includes(secret.slice(-43))).toBe(false);
  }
});

test.for([
  [
    'another secret under the same id',
    (secret: string) => `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`,
  ],
  ['another id', (secret: string) => secret.replace(/^edw_.{12}/, 'edw_000000000000')],
  ['nothing', () => ''],
  ['half of it', (secret: string) => secret.slice(0, 30)],
  ['more than it', (secret: string) => `${secret}x`],
] as const)('%s is not let in', async ([, change]) => {
  const { store } = await open();
  const { secret } = await store.create({ name: 'a', scopes: ['read'] });
  expect(await store.verify(change(secret))).toBeUndefined();
});

test('a revoked or expired token is not let in, from the next call on', async () => {
  const { store, clock } = await open();
  const kept = await store.create({ name: 'kept', scopes: ['read'], expiresAt: clock.now + 1_000 });
  const revoked = await store.create({ name: 'revoked', scopes: ['read'] });
  const first = await store.revoke(revoked.token.id);
  expect(first.revokedAt).toBe(clock.now);
  expect(await store.verify(revoked.secret)).toBeUndefined();
  clock.now += 999;
  expect(await store.revoke(revoked.token.id)).toEqual(first);
  expect(await store.verify(kept.secret)).toMatchObject({ name: 'kept' });
  clock.now += 1;
  expect(await store.verify(kept.secret)).toBeUndefined();
  expect(await store.hasUsable()).toBe(false);
});

test('what is wrong is refused with a code', async () => {
  const { store, clock } = await open();
  await expect(store.revoke('none')).rejects.toMatchObject({ code: 'TOKEN_NOT_FOUND' });
  for (const wrong of [
    { name: '', scopes: ['read'] },
    { name: 'x'.repeat(101), scopes: ['read'] },
    { name: 'two\nlines', scopes: ['read'] },
    { name: 'a', scopes: [] },
    { name: 'a', scopes: ['everything' as 'read'] },
    { name: 'a', scopes: ['read'], expiresAt: clock.now },
    { name: 'a', scopes: ['read'], expiresAt: Number.NaN },
  ] as const) {
    await expect(store.create(wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  }
  expect(await store.list()).toEqual([]);
});

test('admin may do everything, read and write only what they say', () => {
  expect(isAllowed(['admin'], 'write')).toBe(true);
  expect(isAllowed(['read'], 'read')).toBe(true);
  expect(isAllowed(['read'], 'write')).toBe(false);
  expect(isAllowed(['write'], 'read')).toBe(false);
  expect(isAllowed(['read', 'write'], 'admin')).toBe(false);
});

test('secrets of any lengths can be compared', () => {
  expect(isSameSecret('a', 'a')).toBe(true);
  expect(isSameSecret('a', 'ab')).toBe(false);
  expect(isSameSecret('', 'ab')).toBe(false);
});
