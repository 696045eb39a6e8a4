import { createSessionManager, type NewEntry, sqliteStore } from '@endwell/session-core';

const hourMs = 3_600_000;
const projects = ['/home/ada/atlas', '/home/ada/lighthouse', '/home/ada/tides'];
const titles = [
  'Draw the northern coast at the new scale',
  'Why does the lamp turn the wrong way after midnight?',
  'Tide table for next year, with the leap second',
  'Move the harbour office to the new address format',
];

/** A month of made-up sessions, the same each time but for the hour. */
export async function fillDiary(path: string): Promise<{ readonly shownSession: string }> {
  await using manager = createSessionManager({ store: sqliteStore({ path }), owner: null });
  const now = Date.now();
  for (let index = 0; index < 60; index += 1) {
    const startedAt = now - (60 - index) * 11.7 * hourMs;
    const endedAt = startedAt + (0.2 + (index % 7) * 0.4) * hourMs;
    await manager.importSession({
      kind: 'agent',
      project: projects[index % 3] ?? null,
      agent: index % 4 === 3 ? 'codex' : 'claude-code',
      source: 'made-up',
      externalId: `session-${index}`,
      startedAt,
      endedAt,
      entries: entriesOf(index, startedAt),
    });
  }
  const shown = await manager.start({
    kind: 'agent',
    project: projects[2],
    agent: 'claude-code',
    metadata: { gitBranch: 'leap-second' },
  });
  await manager.record(shown.id, entriesOf(2, now - 20 * 60_000));
  for (const reason of ['completed', 'client_disconnected', 'completed', 'shutdown'] as const) {
    const { id } = await manager.start({ kind: 'agent', project: projects[0], agent: 'claude-code' });
    await manager.record(id, entriesOf(1, now - 5 * 60_000));
    await manager.end(id, { reason });
  }
  return { shownSession: shown.id };
}

function entriesOf(index: number, startedAt: number): NewEntry[] {
  const at = (minutes: number): number => Math.round(startedAt + minutes * 60_000);
  const usage = { input_tokens: 9_000 + index * 400, output_tokens: 2_000 + index * 90 };
  const entries: Omit<NewEntry, 'idempotencyKey'>[] = [
    {
      type: 'message',
      text: titles[index % 4] ?? '',
      data: { role: 'user' },
      occurredAt: at(0),
    },
    {
      type: 'message',
      text: 'I will look at how the tide table is made first, then change it, then run the tests.',
      data: { role: 'assistant', model: 'claude-opus-4-1', messageId: `m${index}`, usage },
      occurredAt: at(1),
    },
    {
      type: 'action',
      text: 'Read: src/tides/tide-table.ts',
      data: { action: 'Read', toolUseId: 't1', files: ['src/tides/tide-table.ts'], success: true },
      occurredAt: at(2),
    },
    {
      type: 'action',
      text: 'Bash: npm test -- tides',
      data: { action: 'Bash', toolUseId: 't2', input: { command: 'npm test -- tides' } },
      occurredAt: at(4),
    },
    {
      type: 'message',
      text: '1 failed: the tide table skips 23:59:60',
      data: { role: 'tool_result', toolUseId: 't2', isError: true },
      occurredAt: at(5),
    },
    {
      type: 'action',
      text: 'Edit: src/tides/tide-table.ts',
      data: { action: 'Edit', toolUseId: 't3', files: ['src/tides/tide-table.ts'], success: true },
      occurredAt: at(6),
    },
    {
      type: 'message',
      text: 'The tide table counts the leap second now, and all 48 tests pass.',
      data: { role: 'assistant' },
      occurredAt: at(8),
    },
  ];
  return entries.map((entry, key) => ({ ...entry, idempotencyKey: `${index}:${key}` }));
}
