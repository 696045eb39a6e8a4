import assert from 'node:assert/strict';

import type { SearchHit, SearchOptions } from '../../search/search.ts';
import type { SessionManager } from '../../manager/session-manager.ts';
import { refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** What is found, how it is shown, and in which order and pages. */
export function searchContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  const textsOf = async (manager: SessionManager, options: SearchOptions): Promise<string[]> => {
    const { hits } = await manager.search(options);
    return hits.map(({ entry }) => entry.text ?? '').toSorted();
  };

  describe('search', () => {
    it('finds what was recorded, as soon as that is acknowledged, whoever did it', () =>
      withContext(createFixture, async ({ manager }) => {
        const [one, other] = [manager(), manager()];
        const session = await one.start({ kind: 'agent', project: 'shop', agent: 'a1' });
        const [entry] = await one.record(session.id, { type: 'message', text: 'The quick brown fox' });
        const { hits, nextCursor } = await other.search({ text: 'QUICK' });
        assert.equal(nextCursor, null);
        assert.equal(hits.length, 1);
        assert.deepEqual(hits[0]?.entry, entry);
        assert.deepEqual(hits[0]?.session, await one.get(session.id));
        assert.ok((hits[0]?.score ?? 0) > 0);
        assert.deepEqual(hits[0]?.snippet, [
          { text: 'The ', highlighted: false },
          { text: 'quick', highlighted: true },
          { text: ' brown fox', highlighted: false },
        ]);
      }));

    it('takes words, phrases and beginnings, and everything else as it is', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test' });
        const texts = [
          'open the red door',
          'the door is red',
          'Café NEAR(red door) AND x OR y',
          'src/red_door.ts',
        ];
        await one.record(
          id,
          texts.map((text) => ({ type: 'note', text })),
        );
        const [first = '', second = '', third = '', fourth = ''] = texts;
        const cases: [string, string[]][] = [
          ['red door', texts],
          ['door red', texts],
          ['"red door"', [first, third, fourth]],
          ['"the red" open', [first]],
          ['red_door', [first, third, fourth]],
          ['src/red_door.ts', [fourth]],
          ['ope*', [first]],
          ['"the red do"*', [first]],
          ['ope', []],
          ['cafe', [third]],
          ['CAFÉ', [third]],
          ['NEAR(red', [third]],
          ['red AND door', [third]],
          ['red OR', [third]],
          ['NOT red', []],
          ['-red', texts],
          ['text:red', []],
          ['"red', texts],
          ['^the', [first, second]],
          ['*', []],
          ['--- ""', []],
          ["red' OR 1=1", []],
        ];
        for (const [text, expected] of cases) {
          assert.deepEqual(await textsOf(one, { text }), expected.toSorted(), text);
        }
      }));

    it('looks into the strings of the data, not into its keys', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test' });
        const data = {
          tool: 'Edit',
          input: { files: ['main.py', { name: 'naïve 😀 \u2028 "quoted"' }], count: 17 },
        };
        await one.record(id, { type: 'action', text: 'changed', data });
        for (const text of ['edit', '"main py"', 'naive', 'quoted', 'changed edit']) {
          assert.equal((await one.search({ text })).hits.length, 1, text);
        }
        for (const text of ['files', 'count', '17']) {
          assert.equal((await one.search({ text })).hits.length, 0, text);
        }
        const [hit] = (await one.search({ text: 'main' })).hits;
        assert.ok(hit?.snippet.some((part) => part.highlighted && part.text === 'main'));
      }));

    it('filters by session, project, agent, kind, type and time', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const ids: string[] = [];
        for (const [index, project] of ['a', 'a', 'b'].entries()) {
          const { id } = await one.start({ kind: `k${index}`, project, agent: `agent${index % 2}` });
          ids.push(id);
          await one.record(id, { type: 'message', text: `word ${index}` });
          await one.record(id, { type: 'action', text: `word action ${index}`, occurredAt: 1_000 + index });
        }
        const now = clock.now();
        const cases: [Partial<SearchOptions>, number][] = [
          [{}, 6],
          [{ project: 'a' }, 4],
          [{ project: 'none' }, 0],
          [{ agent: 'agent1' }, 2],
          [{ kind: 'k2' }, 2],
          [{ sessionId: ids[1] }, 2],
          [{ sessionId: 'ses_none' }, 0],
          [{ type: 'action' }, 3],
          [{ type: 'action', project: 'b' }, 1],
          [{ from: now }, 3],
          [{ to: now }, 3],
          [{ from: 1_001, to: 1_002 }, 1],
          [{ from: now + 1 }, 0],
        ];
        for (const [filter, count] of cases) {
          for (const order of ['relevance', 'newest'] as const) {
            const { hits } = await one.search({ text: 'word', order, ...filter });
            assert.equal(hits.length, count, JSON.stringify(filter));
          }
        }
      }));

    it('shows the best first, or the newest, in pages that what is recorded later does not move', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test' });
        const filler = 'and so on '.repeat(20);
        for (let index = 0; index < 23; index += 1) {
          await one.record(id, {
            type: 'note',
            text: index === 11 ? 'needle needle' : `needle ${filler}${index}`,
          });
        }
        assert.equal((await one.search({ text: 'needle' })).hits[0]?.entry.sequence, 12);
        for (const order of ['relevance', 'newest'] as const) {
          const seen: number[] = [];
          let cursor: string | null | undefined;
          do {
            const page = await one.search({ text: 'needle', order, limit: 5, cursor });
            seen.push(...page.hits.map((hit) => hit.entry.sequence));
            const scores = page.hits.map((hit) => hit.score);
            assert.deepEqual(
              scores,
              scores.toSorted((left, right) => right - left),
            );
            cursor = page.nextCursor;
            await one.record(id, { type: 'note', text: `needle ${filler}later` });
          } while (cursor !== null);
          const from = order === 'relevance' ? 23 : 28;
          assert.equal(seen.length, from, order);
          assert.equal(new Set(seen).size, from, order);
          if (order === 'newest')
            assert.deepEqual(
              seen,
              seen.toSorted((left, right) => right - left),
            );
        }
      }));

    it('cuts a snippet out of a long text, around what was found, also where words are endless', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test' });
        const long = `${'left '.repeat(500)}needle${' right'.repeat(500)}`;
        const endless = `${'x'.repeat(50_000)} needle ${'y'.repeat(50_000)}`;
        await one.record(id, [
          { type: 'note', text: long },
          { type: 'note', text: endless },
        ]);
        const { hits } = await one.search({ text: 'needle' });
        assert.equal(hits.length, 2);
        for (const hit of hits) {
          const joined = hit.snippet.map((part) => part.text).join('');
          assert.ok(joined.length < 600, String(joined.length));
          assert.ok(joined.includes('…') && joined.includes('needle'));
          assert.deepEqual(highlighted(hit), ['needle']);
        }
      }));

    it('refuses what it cannot search for', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const wrong: [SearchOptions, string][] = [
          [{ text: '' }, 'text'],
          [{ text: 'x'.repeat(1001) }, 'text'],
          [{ text: 'a\0b' }, 'text'],
          [{ text: 'w '.repeat(65) }, 'text'],
          [{ text: 'x', limit: 0 }, 'limit'],
          [{ text: 'x', limit: 101 }, 'limit'],
          [{ text: 'x', from: Number.NaN }, 'from'],
          [{ text: 'x', cursor: 'nonsense' }, 'cursor'],
          [{ text: 'x', order: 'newest', cursor: Buffer.from('r:1:1').toString('base64url') }, 'cursor'],
        ];
        for (const [options, path] of wrong) {
          assert.equal((await refused('INVALID_OPTIONS', one.search(options))).path, path);
        }
      }));
  });
}

function highlighted(hit: SearchHit): string[] {
  return hit.snippet.filter((part) => part.highlighted).map((part) => part.text);
}
