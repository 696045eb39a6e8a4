import { expect, it } from 'vitest';

import { createMemoryRows, createMemoryTables } from '../src/memory-store/memory-rows.ts';
import { checkMemory } from '../src/memory-store/check-memory.ts';
import { createSessionManager, memoryStore } from '../src/index.ts';
import { simulate } from '../src/testing/index.ts';

it('keeps its promises through a short simulation', async () => {
  const store = memoryStore;
  const report = await simulate({
    seed: 11,
    steps: 4_000,
    episodeSteps: 2_000,
    store: async () => {
      const one = store();
      return { open: () => one, dispose: async () => {} };
    },
  });
  expect(report.violations).toStrictEqual([]);
});

it('finds what must not be in its tables', async () => {
  const tables = createMemoryTables();
  const rows = createMemoryRows(tables);
  const manager = createSessionManager({ store: memoryStore(), owner: null });
  const session = await manager.start({ kind: 'test' });
  await manager.close();
  rows.insert(session);
  expect(checkMemory(tables)).toStrictEqual({ ok: true, problems: [] });
  rows.insert({ ...session, id: 'ses_counts', entryCount: 1 });
  rows.insert({ ...session, id: 'ses_ended', state: 'ended', endedAt: 1, endReason: 'completed' });
  const { ok, problems } = checkMemory(tables);
  expect(ok).toBe(false);
  expect(problems.join('\n')).toContain('ses_counts');
  expect(problems.join('\n')).toContain('ses_ended');
  expect(problems.join('\n')).not.toContain(session.id);
});

it('refuses what a step must never ask of it', async () => {
  const rows = createMemoryRows(createMemoryTables());
  const manager = createSessionManager({ store: memoryStore(), owner: null });
  const session = await manager.start({ kind: 'test' });
  const ended = await manager.end(session.id);
  await manager.close();
  rows.insert(session);
  expect(() => rows.insert(session)).toThrow(/exists/);
  rows.markEnded(ended);
  expect(() => rows.markEnded(ended)).toThrow(/not active/);
  expect(() => rows.moveActivity(session)).toThrow(/not active/);
});
