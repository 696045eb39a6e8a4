import assert from 'node:assert/strict';

import type { ExportFilter } from '../../manager/export-sessions.ts';
import type { SessionManager } from '../../manager/session-manager.ts';
import { refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** What is told of many sessions at once: exports and statistics. */
export function overviewContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  const exported = async (manager: SessionManager, filter?: ExportFilter): Promise<string[]> => {
    const lines: string[] = [];
    for await (const item of manager.exportSessions(filter)) {
      lines.push(item.type === 'session' ? item.session.kind : `${item.entry.sequence} ${item.entry.text}`);
    }
    return lines;
  };

  describe('an export', () => {
    it('gives each session and then its entries, all of them and in order', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const small = await one.start({ kind: 'small', project: 'p' });
        await one.record(small.id, { type: 'note', text: 'only' });
        clock.jump(1);
        const big = await one.start({ kind: 'big', agent: 'a' });
        await one.record(
          big.id,
          Array.from({ length: 100 }, (_, index) => ({ type: 'note', text: `text ${index}` })),
        );
        const bigLines = ['big', ...Array.from({ length: 100 }, (_, index) => `${index + 1} text ${index}`)];
        assert.deepEqual(await exported(one), [...bigLines, 'small', '1 only']);
        assert.deepEqual(await exported(one, { project: 'p' }), ['small', '1 only']);
        assert.deepEqual(await exported(one, { agent: 'a' }), bigLines);
        assert.deepEqual(await exported(one, { sessionId: big.id }), bigLines);
        assert.deepEqual(await exported(one, { state: 'ended' }), []);
        await one.purge({ sessionId: small.id, sequence: 1 });
        for await (const item of one.exportSessions({ sessionId: small.id })) {
          if (item.type === 'session') assert.deepEqual(item.session, await one.get(small.id));
          else assert.equal(item.entry.purgedAt, clock.now());
        }
      }));

    it('leaves out what starts meanwhile, and can be left early', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        for (let index = 0; index < 3; index += 1) {
          await one.start({ kind: `k${index}` });
          clock.jump(1);
        }
        const kinds: string[] = [];
        for await (const item of one.exportSessions()) {
          if (item.type === 'session') kinds.push(item.session.kind);
          await one.start({ kind: 'late' });
        }
        assert.deepEqual(kinds, ['k2', 'k1', 'k0']);
        for await (const _ of one.exportSessions()) break;
        await refused('SESSION_NOT_FOUND', exported(one, { sessionId: 'ses_none' }));
        assert.throws(() => one.exportSessions({ sessionId: 'x', project: 'p' }), {
          code: 'INVALID_OPTIONS',
        });
        assert.throws(() => one.exportSessions({ limit: 5 } as never), { code: 'INVALID_OPTIONS' });
      }));
  });

  describe('statistics', () => {
    it('count what started, ended, was active and was recorded, step by step', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager({ idleTtlMs: 600_000, maxLifetimeMs: 3_600_000 });
        const from = clock.now();
        const before = await one.start({ kind: 'test', project: 'a', agent: 'x' });
        clock.jump(10_000);
        const quick = await one.start({ kind: 'test', project: 'a', agent: 'y' });
        await one.record(quick.id, [
          { type: 'note', text: 'one' },
          { type: 'note', text: 'two' },
        ]);
        clock.jump(4_000);
        await one.end(quick.id);
        clock.jump(6_000);
        await one.terminate(before.id);
        await one.start({ kind: 'test', project: 'b' });
        await one.importSession({
          kind: 'test',
          project: 'b',
          source: 's',
          externalId: 'e',
          startedAt: from + 11_000,
          endedAt: from + 29_000,
          entries: [{ type: 'note', text: 'old', idempotencyKey: 'k', occurredAt: from + 12_000 }],
        });

        const options = { from: from + 10_000, to: from + 40_000, bucketMs: 10_000 };
        const all = await one.statistics(options);
        assert.deepEqual(all.timeline, [
          { at: from + 10_000, started: 2, ended: 1, active: 2, entries: 3 },
          { at: from + 20_000, started: 1, ended: 2, active: 1, entries: 0 },
          { at: from + 30_000, started: 0, ended: 0, active: 1, entries: 0 },
        ]);
        assert.equal(all.byReason.completed, 1);
        assert.equal(all.byReason.terminated, 1);
        assert.equal(all.byReason.imported, 1);
        assert.equal(
          Object.values(all.byReason).reduce((sum, count) => sum + count),
          3,
        );
        assert.deepEqual(all.byProject, [
          { name: 'b', sessions: 2, active: 1, entries: 1, averageDurationMs: 18_000, averageEntries: 0.5 },
          { name: 'a', sessions: 1, active: 0, entries: 2, averageDurationMs: 4_000, averageEntries: 2 },
        ]);
        assert.deepEqual(
          all.byAgent.map(({ name, sessions }) => [name, sessions]),
          [
            [null, 2],
            ['y', 1],
          ],
        );
        assert.deepEqual(all.averages, { durationMs: 11_000, entries: 1 });

        const ofProject = await one.statistics({ ...options, project: 'a' });
        assert.deepEqual(
          ofProject.timeline.map((bucket) => [bucket.started, bucket.ended, bucket.active, bucket.entries]),
          [
            [1, 1, 1, 2],
            [0, 1, 0, 0],
            [0, 0, 0, 0],
          ],
        );
        const ofAgent = await one.statistics({ ...options, agent: 'x' });
        assert.equal(ofAgent.byReason.terminated, 1);
        assert.deepEqual(ofAgent.averages, { durationMs: null, entries: 0 });
      }));

    it('show what is overdue as ended, although nobody has stored that yet', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const from = clock.now();
        await one.start({ kind: 'test', idleTtlMs: 5_000 });
        await one.start({ kind: 'test', maxLifetimeMs: 25_000 });
        await one.start({ kind: 'test' });
        clock.jump(30_000);
        const { timeline, byReason, byAgent } = await one.statistics({
          from,
          to: from + 30_000,
          bucketMs: 10_000,
        });
        assert.deepEqual(
          timeline.map((bucket) => [bucket.started, bucket.ended, bucket.active]),
          [
            [3, 1, 2],
            [0, 0, 2],
            [0, 1, 1],
          ],
        );
        assert.deepEqual([byReason.idle_timeout, byReason.max_lifetime], [1, 1]);
        assert.equal(byAgent[0]?.active, 1);
        const later = await one.statistics({ from: from + 20_000, to: from + 30_000, bucketMs: 10_000 });
        assert.deepEqual(later.timeline[0], {
          at: from + 20_000,
          started: 0,
          ended: 1,
          active: 1,
          entries: 0,
        });
      }));

    it('refuse a time without length and steps that are too many', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        for (const [options, path] of [
          [{ from: 5, to: 5, bucketMs: 1_000 }, 'to'],
          [{ from: 0, to: 10_000_001_000, bucketMs: 1_000 }, 'bucketMs'],
          [{ from: 0, to: 1, bucketMs: 0 }, 'bucketMs'],
          [{ from: Number.NaN, to: 1, bucketMs: 1_000 }, 'from'],
        ] as const) {
          assert.equal((await refused('INVALID_OPTIONS', one.statistics(options))).path, path);
        }
      }));
  });
}
