import { expect, test } from 'vitest';
import type { ActionView } from '../../src/http/actions/action-schema.ts';
import type { ContextView } from '../../src/http/context/context-schema.ts';
import type { MessageView } from '../../src/http/messages/message-schema.ts';
import type { Summary } from '../../src/http/summary/summary-schema.ts';
import { type TestDiary, testDiary } from '../support/test-diary.ts';

async function post(diary: TestDiary, url: string, payload: object): Promise<void> {
  const response = await diary.app.inject({ method: 'POST', url, payload });
  expect(response.statusCode, response.body).toBe(201);
}

async function withConversation(diary: TestDiary): Promise<string> {
  const { id } = await diary.manager.start({ kind: 'agent', project: 'atlas', agent: 'codex' });
  const url = `/api/v1/sessions/${id}`;
  await post(diary, `${url}/messages`, {
    role: 'user',
    content: 'Fix the lexer',
    occurredAt: '2026-02-10T21:00:00Z',
  });
  await post(diary, `${url}/messages`, {
    role: 'assistant',
    content: 'I put the newline back.',
    reasoning: 'The tests fail on it.',
    toolsUsed: ['Edit', 'Bash'],
    files: ['src/lexer.ts'],
    context: { branch: 'main' },
  });
  await post(diary, `${url}/actions`, {
    type: 'edit',
    description: 'Put the final newline back',
    files: ['src/lexer.ts'],
    details: { lines: 1 },
    success: true,
  });
  await post(diary, `${url}/actions`, { type: 'test', description: 'Ran the tests', success: false });
  return id;
}

test('actions and messages come back as they were sent, with their filters', async () => {
  const diary = await testDiary();
  const id = await withConversation(diary);
  const actions = async (query: string) =>
    (await diary.app.inject(`/api/v1/sessions/${id}/actions?${query}`)).json<{
      actions: ActionView[];
      nextAfter: number | null;
    }>();
  const messages = async (query: string) =>
    (await diary.app.inject(`/api/v1/sessions/${id}/messages?${query}`)).json<{ messages: MessageView[] }>()
      .messages;
  expect((await actions('')).actions).toMatchObject([
    {
      sequence: 3,
      type: 'edit',
      description: 'Put the final newline back',
      files: ['src/lexer.ts'],
      details: { lines: 1 },
      success: true,
    },
    { sequence: 4, type: 'test', files: [], details: null, success: false },
  ]);
  expect((await actions('success=false')).actions.map(({ type }) => type)).toEqual(['test']);
  expect((await actions('file=src/lexer.ts')).actions.map(({ type }) => type)).toEqual(['edit']);
  expect((await actions('type=nothing')).actions).toEqual([]);
  expect(await actions('limit=1')).toMatchObject({ actions: [{ sequence: 3 }], nextAfter: 3 });
  expect(await actions('limit=1&after=3')).toMatchObject({ actions: [{ sequence: 4 }], nextAfter: null });
  expect(await messages('role=assistant')).toMatchObject([
    {
      content: 'I put the newline back.',
      reasoning: 'The tests fail on it.',
      toolsUsed: ['Edit', 'Bash'],
      files: ['src/lexer.ts'],
      context: { branch: 'main' },
    },
  ]);
  expect(await messages('role=user')).toMatchObject([
    { occurredAt: '2026-02-10T21:00:00.000Z', toolsUsed: [] },
  ]);
  expect(await messages('file=src/lexer.ts')).toHaveLength(1);
});

test('a filter that matches little goes through a long journal in pages that end', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent' });
  for (let part = 0; part < 2; part += 1) {
    await diary.manager.record(
      id,
      Array.from({ length: 3_500 }, (_, index) => ({
        type: 'action',
        text: 'a',
        data: { action: part === 1 && index === 3_499 ? 'rare' : 'common' },
      })),
    );
  }
  const read = async (after: number) =>
    (await diary.app.inject(`/api/v1/sessions/${id}/actions?type=rare&after=${after}`)).json<{
      actions: ActionView[];
      nextAfter: number | null;
    }>();
  const first = await read(0);
  expect(first.actions).toEqual([]);
  const second = await read(first.nextAfter ?? 0);
  expect(second.actions.map(({ sequence }) => sequence)).toEqual([7_000]);
  expect(second.nextAfter).toBeNull();
});

test('a summary has the figures of the conversation', async () => {
  const diary = await testDiary();
  const id = await withConversation(diary);
  const summary = (await diary.app.inject(`/api/v1/sessions/${id}/summary`)).json<Summary>();
  expect(summary).toMatchObject({
    state: 'active',
    entries: { total: 4, byType: { message: 2, action: 2 } },
    messages: {
      total: 2,
      byRole: { user: 1, assistant: 1 },
      characters: { total: 36, average: 18, longest: 23 },
    },
    actions: { total: 2, byType: { edit: 1, test: 1 }, succeeded: 1, failed: 1 },
    files: 1,
    first: { sequence: 1, role: 'user', text: 'Fix the lexer' },
    last: { sequence: 2, role: 'assistant' },
  });
  expect(summary.recent.map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test('the context to resume from goes back over the sessions that it continues, within its length', async () => {
  const diary = await testDiary();
  const source = { kind: 'agent', project: 'atlas', source: 'codex', externalId: 'one' };
  const first = await diary.manager.start(source);
  await diary.manager.record(first.id, {
    type: 'message',
    text: `The plan ${'x'.repeat(5_000)}`,
    data: { role: 'user' },
  });
  await diary.manager.end(first.id);
  const second = await diary.manager.start(source);
  await diary.manager.record(second.id, {
    type: 'action',
    text: 'Edited',
    data: { action: 'edit', files: ['a.ts', 'b.ts'], success: false },
  });
  const context = (
    await diary.app.inject('/api/v1/context?project=atlas&maxCharacters=600')
  ).json<ContextView>();
  expect(context.session.id).toBe(second.id);
  expect(context.continues).toEqual([first.id]);
  expect(context.messages[0]?.content).toHaveLength(4_000);
  expect(context.actions).toMatchObject([{ type: 'edit', success: false }]);
  expect(context.files).toEqual(['a.ts', 'b.ts']);
  expect(context.text.length).toBeLessThanOrEqual(600);
  expect(context.text).toContain('edit (failed): Edited');
  expect(context.text).toContain('a.ts');
  const other = await diary.app.inject(`/api/v1/sessions/${first.id}/context`);
  expect(other.json<ContextView>()).toMatchObject({ session: { id: first.id }, continues: [], actions: [] });
});
