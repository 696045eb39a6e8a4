import { expect, test } from 'vitest';
import { type TestDiary, testDiary } from '../support/test-diary.ts';

const said = (text: string, data: object = {}) => ({
  type: 'message',
  text,
  data: { role: 'user', ...data },
});

async function titleOf(diary: TestDiary, id: string): Promise<unknown> {
  const response = await diary.app.inject({ url: `/api/v1/sessions/${id}` });
  expect(response.statusCode, response.body).toBe(200);
  return response.json<{ title: unknown }>().title;
}

test('a live session is called by the first line that a user wrote in it, wherever it is shown', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent', project: 'atlas' });
  const child = await diary.manager.start({ kind: 'sub-agent', project: 'atlas', parentId: id });
  expect(await titleOf(diary, id)).toBeNull();
  await diary.manager.record(id, [
    { type: 'message', text: 'You are an agent.', data: { role: 'system' } },
    said('Caveat: the messages below were generated'),
    said('<command-name>/clear</command-name>'),
    said('added by the program', { isMeta: true }),
    said('\n  Build the zebra bridge \nover the river'),
    said('Now paint it'),
  ]);
  await diary.manager.record(child.id, said('z'.repeat(200)));
  const title = 'Build the zebra bridge';
  const get = async (url: string): Promise<Record<string, unknown>> =>
    (await diary.app.inject({ url })).json();
  expect(await titleOf(diary, id)).toBe(title);
  expect(await get('/api/v1/sessions?state=active')).toMatchObject({
    sessions: [{ title: `${'z'.repeat(119)}…` }, { title }],
  });
  expect(await get(`/api/v1/sessions/${id}/children`)).toMatchObject({
    sessions: [{ title: `${'z'.repeat(119)}…` }],
  });
  expect(await get('/api/v1/search?text=zebra')).toMatchObject({ hits: [{ session: { title } }] });
  expect(await get(`/api/v1/sessions/${id}/context`)).toMatchObject({ session: { title } });
  expect(await get('/api/v1/projects/overview?project=atlas')).toMatchObject({
    recentSessions: [{}, { title }],
  });
});

test('a title goes with the entry that it was read from', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent' });
  await diary.manager.record(id, [said('the unspeakable'), said('go on')]);
  await diary.manager.purge({ sessionId: id, sequence: 1 });
  expect(await titleOf(diary, id)).toBe('go on');
  await diary.manager.purge({ sessionId: id, sequence: 2 });
  expect(await titleOf(diary, id)).toBeNull();
});

test('a title that was given at the start goes first', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent', metadata: { title: 'the night shift' } });
  await diary.manager.record(id, said('first'));
  expect(await titleOf(diary, id)).toBe('the night shift');
});

test('a continuation is called like what it goes on from until somebody writes in it', async () => {
  const diary = await testDiary();
  const common = { kind: 'agent', source: 'stand-in', externalId: 'one' } as const;
  const first = await diary.manager.start(common);
  await diary.manager.record(first.id, said('Build the bridge'));
  await diary.manager.end(first.id);
  const second = await diary.manager.start(common);
  expect(second.continues).toBe(first.id);
  expect(await titleOf(diary, second.id)).toBe('Build the bridge');
  await diary.manager.record(second.id, said('Paint it'));
  expect(await titleOf(diary, second.id)).toBe('Paint it');
  const third = await diary.manager.start({ ...common, externalId: 'two' });
  await diary.manager.purge({ sessionId: first.id });
  expect(await titleOf(diary, third.id)).toBeNull();
});
