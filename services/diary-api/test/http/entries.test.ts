import { expect, test } from 'vitest';
import type { EntryView } from '../../src/http/entries/entry-schema.ts';
import { testDiary } from '../support/test-diary.ts';

test('an entry is recorded and read back', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent' });
  const recorded = await diary.app.inject({
    method: 'POST',
    url: `/api/v1/sessions/${id}/entries`,
    payload: {
      type: 'message',
      text: 'Hello',
      data: { role: 'user' },
      idempotencyKey: 'message-1',
      occurredAt: '2026-02-10T22:00:00+01:00',
    },
  });
  expect(recorded.statusCode, recorded.body).toBe(201);
  const entry = recorded.json<EntryView>();
  expect(entry).toMatchObject({
    sessionId: id,
    sequence: 1,
    type: 'message',
    text: 'Hello',
    data: { role: 'user' },
    idempotencyKey: 'message-1',
    occurredAt: '2026-02-10T21:00:00.000Z',
  });
  const list = await diary.app.inject(`/api/v1/sessions/${id}/entries`);
  expect(list.json()).toEqual({ entries: [entry], nextAfter: null });
});

test('a retry with the same key adds nothing', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent' });
  const record = () =>
    diary.app.inject({
      method: 'POST',
      url: `/api/v1/sessions/${id}/entries`,
      payload: { type: 'action', text: 'once', idempotencyKey: 'k' },
    });
  const [first, second] = [await record(), await record()];
  expect(second.json()).toEqual(first.json());
  expect((await diary.manager.get(id)).entryCount).toBe(1);
});

test('a batch is recorded as a whole, and read in pages and by type', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent' });
  const entries = Array.from({ length: 25 }, (_, index) => ({
    type: index % 5 === 0 ? 'action' : 'message',
    text: `entry ${index}`,
  }));
  const recorded = await diary.app.inject({
    method: 'POST',
    url: `/api/v1/sessions/${id}/entries/batch`,
    payload: { entries },
  });
  expect(recorded.statusCode, recorded.body).toBe(201);
  expect(recorded.json<{ entries: EntryView[] }>().entries.map(({ sequence }) => sequence)).toEqual(
    entries.map((_, index) => index + 1),
  );
  const page = await diary.app.inject(`/api/v1/sessions/${id}/entries?after=5&limit=10`);
  expect(page.json<{ entries: EntryView[]; nextAfter: number }>()).toMatchObject({ nextAfter: 15 });
  expect(page.json<{ entries: EntryView[] }>().entries[0]?.sequence).toBe(6);
  const actions = await diary.app.inject(`/api/v1/sessions/${id}/entries?type=action`);
  expect(actions.json<{ entries: EntryView[] }>().entries).toHaveLength(5);
});
