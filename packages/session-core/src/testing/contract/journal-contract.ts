import assert from 'node:assert/strict';

import { refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** Promise 5, and what is read back. */
export function journalContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('the journal', () => {
    it('shows what was acknowledged to everybody, in order and without gaps', () =>
      withContext(createFixture, async ({ manager }) => {
        const [one, other] = [manager(), manager()];
        const { id } = await one.start({ kind: 'test' });
        await Promise.all(
          Array.from({ length: 60 }, (_, index) =>
            [one, other][index % 2]!.record(id, { type: 'action', text: `entry ${index}` }),
          ),
        );
        const { entries, nextAfter } = await other.entries(id, { limit: 500 });
        assert.deepEqual(
          entries.map((entry) => entry.sequence),
          Array.from({ length: 60 }, (_, index) => index + 1),
        );
        assert.equal(new Set(entries.map((entry) => entry.text)).size, 60);
        assert.equal(nextAfter, null);
        assert.equal((await one.get(id)).entryCount, 60);
        assert.equal((await one.get(id)).revision, 1, 'a record does not move the fencing token');
      }));

    it('gives back what it was given', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test' });
        const given = {
          type: 'action',
          text: 'line\n\ttab “quotes” 😀',
          data: { nested: { list: [1, -2.5, null, true, 'x'] }, empty: {} },
          idempotencyKey: 'key 1',
          occurredAt: 1_600_000_000_000,
        };
        const [recorded] = await one.record(id, given);
        assert.deepEqual(recorded, {
          sessionId: id,
          sequence: 1,
          recordedAt: clock.now(),
          purgedAt: null,
          ...given,
        });
        const [bare] = await one.record(id, { type: 'mark', data: { only: 'data' } });
        assert.equal(bare?.text, null);
        assert.deepEqual((await one.entries(id)).entries, [recorded, bare]);
      }));

    it('records a retried write once, and refuses a key that is used again for something else', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test' });
        const entry = { type: 'action', text: 'once', data: { a: 1, b: 2 }, idempotencyKey: 'k' };
        const [first] = await one.record(id, entry);
        const [again] = await one.record(id, { ...entry, data: { b: 2, a: 1 } });
        assert.deepEqual(again, first);
        for (const changed of [
          { ...entry, text: 'twice' },
          { ...entry, type: 'message' },
          { ...entry, data: { a: 1, b: 3 } },
          { ...entry, data: null },
          { ...entry, occurredAt: 5 },
        ]) {
          const batch = [{ type: 'action', text: 'neighbour' }, changed];
          await refused('IDEMPOTENCY_CONFLICT', one.record(id, batch));
        }
        const both = await one.record(id, [
          { type: 'action', text: 'twin', idempotencyKey: 'twin' },
          { type: 'action', text: 'twin', idempotencyKey: 'twin' },
        ]);
        assert.deepEqual(both[0], both[1]);
        assert.equal((await one.get(id)).entryCount, 2);
        const elsewhere = await one.start({ kind: 'test' });
        await one.record(elsewhere.id, { ...entry, text: 'a key counts within its session' });
      }));

    it('pages and filters', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test' });
        await one.record(
          id,
          Array.from({ length: 25 }, (_, index) => ({
            type: index % 5 === 0 ? 'message' : 'action',
            text: String(index),
          })),
        );
        const seen: number[] = [];
        let after: number | null = 0;
        while (after !== null) {
          const page = await one.entries(id, { after, limit: 10 });
          seen.push(...page.entries.map((entry) => entry.sequence));
          after = page.nextAfter;
        }
        assert.equal(seen.length, 25);
        assert.equal((await one.entries(id, { type: 'message' })).entries.length, 5);
        await refused('SESSION_NOT_FOUND', one.entries('ses_none'));
        await refused('SESSION_NOT_FOUND', one.record('ses_none', { type: 'a', text: 'b' }));
      }));
  });
}
