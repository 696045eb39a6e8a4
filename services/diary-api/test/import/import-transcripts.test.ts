import { appendFile, copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSessionManager, type Entry, type SessionManager, sqliteStore } from '@endwell/session-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { importTranscripts } from '../../src/import/transcript/import-transcripts.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { fixture, hasRealTranscripts, realTranscripts } from '../support/transcripts.ts';

async function openManager(home: string): Promise<SessionManager> {
  const manager = createSessionManager({
    store: sqliteStore({ path: join(home, 'endwell.db') }),
    owner: null,
  });
  onTestFinished(() => manager.close());
  return manager;
}

async function allEntries(manager: SessionManager, id: string): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page = await manager.entries(id, { after, limit: 1_000 });
    all.push(...page.entries);
    after = page.nextAfter;
  }
  return all;
}

test('every block becomes an entry, unknown types are kept, bookkeeping is counted', async () => {
  const manager = await openManager(await temporaryHome());
  const report = await importTranscripts({ manager, paths: [fixture('turns.jsonl')] });
  expect(report).toMatchObject({
    files: 1,
    sessions: 1,
    entries: 7,
    added: 7,
    entriesByKind: { user: 1, reasoning: 1, assistant: 1, tool_use: 1, tool_result: 1, system: 1, event: 1 },
    linesByType: {
      'file-history-snapshot': 1,
      progress: 1,
      user: 2,
      assistant: 2,
      system: 1,
      'queue-operation': 1,
    },
    live: [],
  });
  expect(report.unreadable.map(({ line }) => line)).toEqual([11, 12]);

  const { sessions } = await manager.list();
  expect(sessions).toMatchObject([
    {
      state: 'ended',
      endReason: 'imported',
      kind: 'agent',
      source: 'claude-code',
      externalId: '5f0c2d1e-0000-4000-8000-000000000001',
      project: '/home/ada/atlas',
      agent: 'claude-code',
      startedAt: Date.parse('2026-03-01T10:00:01.000Z'),
      endedAt: Date.parse('2026-03-01T10:00:08.000Z'),
      metadata: {
        gitBranch: 'main',
        version: '2.1.38',
        model: 'model-1',
      },
    },
  ]);
  const entries = await allEntries(manager, sessions[0]?.id ?? '');
  expect(entries.map(({ type, text, data }) => [type, data?.['role'] ?? data?.['action'], text])).toEqual([
    ['message', 'user', 'The tests fail. Can you look?\u001b[1m'],
    ['message', 'reasoning', 'Run them first.'],
    ['message', 'assistant', 'I will run them.'],
    ['action', 'Bash', 'Bash: npm test'],
    ['message', 'tool_result', '1 failed: flux capacitor\n[image]'],
    ['message', 'system', '<command-name>/model</command-name>'],
    ['event', undefined, 'a-type-of-tomorrow'],
  ]);
  expect(entries[1]?.data).toMatchObject({
    model: 'model-1',
    messageId: 'msg_1',
    usage: { output_tokens: 5 },
  });
  expect(entries[2]?.data).not.toHaveProperty('usage');
  expect(entries[4]?.data).toMatchObject({ isError: true, toolUseId: 'toolu_1' });
  expect(entries[6]?.data).toMatchObject({ line: { payload: { new: true } } });
});

test('a sub-agent is a session of its own, however the program wrote it down', async () => {
  const manager = await openManager(await temporaryHome());
  const report = await importTranscripts({ manager, paths: [fixture('sub-agents.jsonl')] });
  expect(report).toMatchObject({ sessions: 3, entries: 6 });
  const { sessions } = await manager.list();
  const main = '5f0c2d1e-0000-4000-8000-000000000002';
  const byExternalId = new Map(sessions.map((session) => [session.externalId, session]));
  expect(byExternalId.get(main)).toMatchObject({ kind: 'agent', entryCount: 3 });
  for (const [agentId, entryCount] of [
    ['a1b2', 2],
    ['sidechain', 1],
  ] as const) {
    expect(byExternalId.get(`${main}/${agentId}`)).toMatchObject({
      kind: 'sub-agent',
      entryCount,
      metadata: { agentId, parentExternalId: main },
    });
  }
  const inside = await allEntries(manager, byExternalId.get(`${main}/a1b2`)?.id ?? '');
  expect(inside[1]?.data).toMatchObject({ action: 'Read', files: ['/home/ada/atlas/map.ts'] });
});

test('importing again adds nothing, and a file that has grown only what is new', async () => {
  const home = await temporaryHome();
  const manager = await openManager(home);
  const path = join(home, 'growing.jsonl');
  await copyFile(fixture('sub-agents.jsonl'), path);
  expect((await importTranscripts({ manager, paths: [path] })).added).toBe(6);
  const before = await manager.counts();
  expect(await importTranscripts({ manager, paths: [path, path] })).toMatchObject({
    files: 1,
    added: 0,
    entries: 6,
  });
  expect(await manager.counts()).toEqual(before);

  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const more = {
    ...(JSON.parse(lines[0] ?? '') as object),
    uuid: 'new',
    timestamp: '2026-03-02T10:00:00.000Z',
  };
  await appendFile(path, JSON.stringify(more));
  expect((await importTranscripts({ manager, paths: [path] })).added).toBe(1);
  expect((await manager.counts()).ended).toBe(before.ended);
});

test('a session that was recorded live is left as it is', async () => {
  const manager = await openManager(await temporaryHome());
  const externalId = '5f0c2d1e-0000-4000-8000-000000000001';
  const live = await manager.start({ kind: 'agent', source: 'claude-code', externalId });
  const report = await importTranscripts({ manager, paths: [fixture('turns.jsonl')] });
  expect(report).toMatchObject({ live: [externalId], added: 0 });
  expect(await manager.get(live.id)).toMatchObject({ state: 'active', entryCount: 0 });
});

test('a folder is searched at any depth, and what is too long for an entry is shortened and says so', async () => {
  const home = await temporaryHome();
  const manager = await openManager(home);
  const path = join(home, 'long.jsonl');
  const line = {
    type: 'assistant',
    sessionId: 'long',
    uuid: 'u1',
    timestamp: '2026-03-01T10:00:00.000Z',
    message: {
      role: 'assistant',
      content: [
        {
          type: 'tool_use',
          id: 't',
          name: 'Write',
          input: { file_path: '/a', content: 'x'.repeat(2_000_000) },
        },
        { type: 'text', text: 'é'.repeat(400_000) },
        {
          type: 'tool_use',
          id: 't2',
          name: 'Odd',
          input: { list: Array.from({ length: 100_000 }, (_, index) => index) },
        },
      ],
    },
  };
  await writeFile(path, JSON.stringify(line));
  const report = await importTranscripts({ manager, paths: [home] });
  expect(report).toMatchObject({ files: 1, added: 3 });
  const entries = await allEntries(manager, report.imported[0]?.id ?? '');
  for (const entry of entries) expect(entry.data).toMatchObject({ shortened: true });
  expect(entries[0]?.data).toMatchObject({ action: 'Write', files: ['/a'] });
  expect(entries[1]?.text).toMatch(/^é{1000,}… \(\d+ more characters\)$/);
});

describe.skipIf(!hasRealTranscripts)('the real transcripts beside the repository', () => {
  test('entries by kind equal what the files have, and a second import adds nothing', async () => {
    const manager = await openManager(await temporaryHome());
    const report = await importTranscripts({ manager, paths: [realTranscripts] });
    const expected = await countBlocks();
    expect(report.files).toBe(3);
    expect(report.entriesByKind).toEqual(expected.kinds);
    expect(report.linesByType).toEqual(expected.lines);
    expect(report.unreadable).toEqual([]);
    expect(report.added).toBe(report.entries);

    const stored: Record<string, number> = {};
    const { sessions } = await manager.list({ limit: 500 });
    for (const session of sessions) {
      expect(session).toMatchObject({
        state: 'ended',
        endReason: 'imported',
        project: '/home/dev/projects/spotter',
      });
      for (const { type, data } of await allEntries(manager, session.id)) {
        const kind = type === 'action' ? 'tool_use' : String(data?.['role']);
        stored[kind] = (stored[kind] ?? 0) + 1;
      }
    }
    expect(stored).toEqual(expected.kinds);
    expect(sessions.filter(({ kind }) => kind === 'sub-agent')).toHaveLength(1);

    const { hits } = await manager.search({ text: '"REFUSED JOIN"', limit: 100 });
    expect(hits.map(({ entry }) => entry.data?.['role'])).toContain('tool_result');
    const before = await manager.counts();
    expect((await importTranscripts({ manager, paths: [realTranscripts] })).added).toBe(0);
    expect(await manager.counts()).toEqual(before);
  });
});

test('whether the real transcripts are here is said plainly', () => {
  if (!hasRealTranscripts) console.warn(`not run: the real transcripts are not at ${realTranscripts}`);
  expect(typeof hasRealTranscripts).toBe('boolean');
});

interface Block {
  readonly type: string;
}

interface RawLine {
  readonly type: string;
  readonly message?: { readonly content: string | readonly Block[] };
  readonly data?: { readonly type?: string; readonly message?: RawLine };
}

/** Counts the files on its own, without anything of the importer. */
async function countBlocks(): Promise<{ kinds: Record<string, number>; lines: Record<string, number> }> {
  const names: Readonly<Record<string, string>> = {
    thinking: 'reasoning',
    tool_use: 'tool_use',
    tool_result: 'tool_result',
  };
  const kinds: Record<string, number> = {};
  const lines: Record<string, number> = {};
  const add = (counts: Record<string, number>, name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const countMessage = ({ type, message }: RawLine): void => {
    const content = message?.content ?? [];
    if (typeof content === 'string') add(kinds, type);
    else for (const block of content) add(kinds, names[block.type] ?? type);
  };
  for (const name of await readdir(realTranscripts)) {
    for (const text of (await readFile(join(realTranscripts, name), 'utf8')).split('\n').filter(Boolean)) {
      const line = JSON.parse(text) as RawLine;
      add(lines, line.type);
      if (line.type === 'system') add(kinds, 'system');
      else if (line.data?.type === 'agent_progress' && line.data.message !== undefined)
        countMessage(line.data.message);
      else if (line.type === 'user' || line.type === 'assistant') countMessage(line);
    }
  }
  return { kinds, lines };
}
