import { expect, test } from 'vitest';
import type { PriceTable } from '../../src/usage/price-table.ts';
import { type TestDiary, testDiary } from '../support/test-diary.ts';

const prices: PriceTable = {
  currency: 'EUR',
  models: {
    sonnet: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    'sonnet-mini': { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
  },
};

interface Answer {
  readonly groups: readonly {
    readonly key: string | null;
    readonly input: number;
    readonly cost: number | null;
  }[];
  readonly total: {
    readonly input: number;
    readonly output: number;
    readonly messages: number;
    readonly cost: number | null;
  };
  readonly unpriced: readonly string[];
  readonly isComplete: boolean;
}

function message(model: string, messageId: string, input: number, output: number, day = 1) {
  return {
    type: 'message',
    text: 'text',
    data: {
      role: 'assistant',
      model,
      messageId,
      usage: {
        input_tokens: input,
        output_tokens: output,
        cache_read_input_tokens: 1_000,
        cache_creation_input_tokens: 100,
      },
    },
    occurredAt: Date.UTC(2026, 1, day),
  };
}

async function ask(diary: TestDiary, query = ''): Promise<Answer> {
  const response = await diary.app.inject(`/api/v1/usage?${query}`);
  expect(response.statusCode, response.body).toBe(200);
  return response.json<Answer>();
}

test('tokens and cost by day, session, project and model; a message counts once with its last figures', async () => {
  const diary = await testDiary({ prices });
  const atlas = await diary.manager.start({ kind: 'agent', project: 'atlas' });
  const other = await diary.manager.start({ kind: 'agent', project: 'other' });
  await diary.manager.record(atlas.id, [
    message('sonnet-4', 'm1', 10, 1),
    message('sonnet-4', 'm1', 100, 50),
    message('sonnet-mini-2', 'm2', 1_000, 0, 2),
    { type: 'message', text: '"usage": not this' },
    { type: 'message', text: 'a', data: { usage: 'nonsense' } },
  ]);
  await diary.manager.record(other.id, message('unheard-of', 'm3', 7, 7, 2));

  const byModel = await ask(diary, 'by=model');
  expect(byModel).toMatchObject({ isComplete: true, currency: 'EUR', unpriced: ['unheard-of'] });
  expect(byModel.total).toMatchObject({ messages: 3, input: 1_107, output: 57 });
  const sonnet = byModel.groups.find(({ key }) => key === 'sonnet-4');
  expect(sonnet?.cost).toBeCloseTo((100 * 3 + 50 * 15 + 1_000 * 0.3 + 100 * 3.75) / 1e6, 12);
  expect(byModel.groups.find(({ key }) => key === 'sonnet-mini-2')?.cost).toBeCloseTo(0.001, 12);
  expect(byModel.groups.find(({ key }) => key === 'unheard-of')?.cost).toBeNull();

  expect((await ask(diary, 'by=day')).groups.map(({ key, input }) => [key, input])).toEqual([
    ['2026-02-02', 1_007],
    ['2026-02-01', 100],
  ]);
  expect((await ask(diary, 'by=project')).groups).toMatchObject([
    { key: 'other', input: 7 },
    { key: 'atlas', input: 1_100 },
  ]);
  expect((await ask(diary, `by=session&sessionId=${atlas.id}`)).groups).toMatchObject([
    { key: atlas.id, input: 1_100 },
  ]);
  expect((await ask(diary, 'project=atlas&from=2026-02-02T00:00:00Z')).total.input).toBe(1_000);

  // What comes later is taken in, and nothing twice.
  await diary.manager.record(atlas.id, message('sonnet-4', 'm4', 1, 1));
  expect((await ask(diary)).total.input).toBe(1_108);
  expect((await ask(diary)).total.input).toBe(1_108);
});

test('a message that a fork carries along counts once over all, and in the fork itself', async () => {
  const diary = await testDiary();
  const first = await diary.manager.start({ kind: 'agent', project: 'atlas' });
  const fork = await diary.manager.start({ kind: 'agent', project: 'atlas' });
  for (const { id } of [first, fork]) await diary.manager.record(id, message('sonnet', 'same', 5, 5));
  expect((await ask(diary)).total).toMatchObject({ input: 5, cost: null });
  expect((await ask(diary, `sessionId=${fork.id}`)).total.input).toBe(5);
});

test('figures that are none, or too large, do no harm', async () => {
  const diary = await testDiary({ prices });
  const { id } = await diary.manager.start({ kind: 'agent' });
  const odd = (usage: object, index: number) => ({
    type: 'message',
    text: 'a',
    data: { model: { a: 1 }, messageId: index, usage },
  });
  await diary.manager.record(
    id,
    [
      { input_tokens: 'many' },
      { input_tokens: -5 },
      { input_tokens: 1e300 },
      { input_tokens: 1.9 },
      { input_tokens: null },
      { input_tokens: [1] },
    ].map(odd),
  );
  const { total } = await ask(diary);
  expect(total.messages).toBe(6);
  expect(total.input).toBe(1_000_000_001);
});

test('what is forgotten no longer counts', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent', project: 'atlas' });
  await diary.manager.record(id, [message('sonnet', 'a', 1, 0), message('sonnet', 'b', 10, 0)]);
  expect((await ask(diary)).total.input).toBe(11);
  const entry = await diary.app.inject({
    method: 'DELETE',
    url: `/api/v1/sessions/${id}/entries/1?confirm=1`,
  });
  expect(entry.statusCode, entry.body).toBe(200);
  expect((await ask(diary)).total.input).toBe(10);
  const session = await diary.app.inject({
    method: 'DELETE',
    url: `/api/v1/sessions/${id}?confirm=${id}&endActive=true`,
  });
  expect(session.statusCode, session.body).toBe(200);
  expect((await ask(diary)).total.input).toBe(0);
});
