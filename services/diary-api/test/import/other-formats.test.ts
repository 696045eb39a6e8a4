import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importJsonl } from '../../src/import/jsonl/import-jsonl.ts';
import { importLegacy } from '../../src/import/legacy/import-legacy.ts';
import { importTranscripts } from '../../src/import/transcript/import-transcripts.ts';
import { allSessions, openManager, texts } from '../support/stored-sessions.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const legacy = {
  session_id: 'old-1',
  agent_type: 'builder',
  user_id: 'ada',
  project: 'atlas',
  start_time: '2025-08-01T10:00:00Z',
  end_time: null,
  context: { goal: 'a bridge' },
  recovery_count: 2,
};
const action = (id: string, minute: number, more: object = {}): object => ({
  action_id: id,
  timestamp: `2025-08-01T10:0${minute}:00.123456Z`,
  action_type: 'edit',
  description: `step ${id}`,
  details: { line: minute },
  files_affected: ['a.ts'],
  success: true,
  ...more,
});

test('the three copies of an old session become one with all their actions, and go once they are stored', async () => {
  const home = await temporaryHome();
  const manager = openManager(home);
  const paths = ['one.json', 'two.json', 'three.json'].map((name) => join(home, name));
  const copies = [
    { ...legacy, actions: [action('1', 1), action('2', 2)], last_checkpoint: '2025-08-01T10:02:00Z' },
    { ...legacy, actions: [action('1', 1), action('3', 3)], end_time: '2025-08-01T10:05:00Z' },
    { ...legacy, actions: [action('2', 2, { success: false }), { description: 'without an id' }] },
  ];
  for (const [index, copy] of copies.entries()) await writeFile(paths[index] ?? '', JSON.stringify(copy));

  const report = await importLegacy({ manager, paths: [...paths, join(home, 'none.json')] });
  expect(report).toMatchObject({ files: paths, sessions: 1, entries: 5, added: 5, removed: [] });
  const [session] = await allSessions(manager);
  expect(session).toMatchObject({
    externalId: 'old-1',
    agent: 'builder',
    user: 'ada',
    project: 'atlas',
    endReason: 'imported',
    startedAt: Date.parse('2025-08-01T10:00:00Z'),
    endedAt: Date.parse('2025-08-01T10:05:00Z'),
    metadata: { recoveryCount: 2, hadEnd: true },
  });
  expect(session === undefined ? [] : await texts(manager, session)).toEqual([
    'Context of the session',
    'without an id',
    'step 1',
    'step 2',
    'step 3',
  ]);

  const again = await importLegacy({ manager, paths, remove: true });
  expect(again).toMatchObject({ added: 0, removed: paths, kept: [] });
  expect(await importLegacy({ manager, paths })).toMatchObject({ files: [], sessions: 0 });
});

test('a file that is no old session stays, and so do the others', async () => {
  const home = await temporaryHome();
  const manager = openManager(home);
  const good = join(home, 'good.json');
  const bad = join(home, 'bad.json');
  await writeFile(good, JSON.stringify({ ...legacy, actions: [action('1', 1)] }));
  await writeFile(bad, '{"session_id": ');
  await expect(importLegacy({ manager, paths: [good, bad], remove: true })).rejects.toMatchObject({
    code: 'IMPORT_WRONG_FORMAT',
    message: expect.stringContaining(bad) as string,
  });
  expect(await readFile(good, 'utf8')).toContain('old-1');
  expect(await allSessions(manager)).toEqual([]);
});

test('a rollout file of Codex: messages, reasoning, tools, tokens; what repeats them is left out', async () => {
  const home = await temporaryHome();
  const manager = openManager(home);
  const folder = join(home, 'sessions', '2026', '03', '01');
  await mkdir(folder, { recursive: true });
  const at = (second: number): string => `2026-03-01T10:00:0${second}.000Z`;
  const item = (second: number, payload: object): object => ({
    timestamp: at(second),
    type: 'response_item',
    payload,
  });
  const event = (second: number, payload: object): object => ({
    timestamp: at(second),
    type: 'event_msg',
    payload,
  });
  const said = (role: string, text: string): object => ({
    type: 'message',
    role,
    content: [{ type: role === 'user' ? 'input_text' : 'output_text', text }],
  });
  const lines = [
    {
      timestamp: at(0),
      type: 'session_meta',
      payload: { id: 'thread-1', cwd: '/home/ada/atlas', cli_version: '0.46.0', git: { branch: 'main' } },
    },
    item(1, said('user', '<environment_context>where</environment_context>')),
    item(1, said('user', 'List the files')),
    event(1, { type: 'user_message', message: 'List the files' }),
    { timestamp: at(2), type: 'turn_context', payload: { cwd: '/home/ada/atlas', model: 'model-2' } },
    item(3, {
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Look first' }],
      encrypted_content: 'x',
    }),
    item(4, { type: 'function_call', name: 'shell', arguments: '{"command":["ls","-l"]}', call_id: 'c1' }),
    item(4, {
      type: 'function_call_output',
      call_id: 'c1',
      output: '{"output":"map.ts\\n","metadata":{"exit_code":1}}',
    }),
    item(5, {
      type: 'custom_tool_call',
      name: 'apply_patch',
      call_id: 'c2',
      input: '*** Begin Patch\n*** Add File: hello.txt\n+Hello\n*** End Patch',
    }),
    item(6, said('assistant', 'There is one.')),
    event(6, {
      type: 'token_count',
      info: { last_token_usage: { input_tokens: 100, cached_input_tokens: 60, output_tokens: 7 } },
    }),
    event(7, { type: 'of_tomorrow', value: 1 }),
  ];
  const path = join(folder, 'rollout-2026-03-01T10-00-00-thread-1.jsonl');
  await writeFile(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"timestamp":"20`);
  const report = await importTranscripts({ manager, paths: [join(home, 'sessions')] });
  expect(report).toMatchObject({ files: 1, sessions: 1, added: 9, unreadable: [{ path, line: 13 }] });
  const [session] = await allSessions(manager);
  expect(session).toMatchObject({
    source: 'codex',
    externalId: 'thread-1',
    agent: 'codex',
    project: '/home/ada/atlas',
    metadata: { gitBranch: 'main', version: '0.46.0', model: 'model-2' },
  });
  const { entries } = await manager.entries(session?.id ?? '', { limit: 100 });
  expect(
    entries.map(({ type, text, data }) => [
      type,
      data?.['role'] ?? data?.['action'] ?? data?.['event'],
      text,
    ]),
  ).toEqual([
    ['message', 'system', '<environment_context>where</environment_context>'],
    ['message', 'user', 'List the files'],
    ['message', 'reasoning', 'Look first'],
    ['action', 'shell', 'shell: ls -l'],
    ['message', 'tool_result', 'map.ts\n'],
    ['action', 'apply_patch', expect.stringContaining('apply_patch: *** Begin Patch')],
    ['message', 'assistant', 'There is one.'],
    ['event', 'token_count', 'Tokens of an answer'],
    ['event', 'of_tomorrow', 'of_tomorrow'],
  ]);
  expect(entries[4]?.data).toMatchObject({ isError: true, toolUseId: 'c1' });
  expect(entries[5]?.data).toMatchObject({ files: ['hello.txt'] });
  expect(entries[7]?.data).toMatchObject({
    model: 'model-2',
    usage: { input_tokens: 40, cache_read_input_tokens: 60, output_tokens: 7 },
  });
  expect((await importTranscripts({ manager, paths: [path] })).added).toBe(0);
});

test('what is exported can be imported elsewhere, with children, twice', async () => {
  const from = openManager(await temporaryHome());
  const parent = await from.start({
    kind: 'agent',
    project: '/atlas',
    source: 'claude-code',
    externalId: 'e1',
  });
  const child = await from.start({ kind: 'sub-agent', parentId: parent.id });
  await from.record(parent.id, { type: 'message', text: 'from the parent', idempotencyKey: 'k1' });
  await from.record(child.id, { type: 'message', text: 'from the child' });
  await from.end(parent.id, { note: 'done' });
  const home = await temporaryHome();
  const path = join(home, 'export.jsonl');
  const lines: string[] = [];
  for await (const line of from.exportSessions()) lines.push(JSON.stringify(line));
  await writeFile(path, `${lines.join('\n')}\n`);

  const to = openManager(home);
  expect(await importJsonl({ manager: to, path })).toEqual({ sessions: 2, entries: 2, added: 2, known: [] });
  expect(await importJsonl({ manager: to, path })).toMatchObject({ added: 0 });
  const sessions = await allSessions(to);
  const copy = sessions.find(({ externalId }) => externalId === 'e1');
  expect(copy).toMatchObject({
    endReason: 'imported',
    metadata: { exported: { id: parent.id, endReason: 'completed', endNote: 'done' } },
  });
  expect(sessions.find(({ kind }) => kind === 'sub-agent')).toMatchObject({
    parentId: copy?.id,
    entryCount: 1,
  });
  expect(await importJsonl({ manager: from, path })).toMatchObject({ added: 0 });

  await writeFile(path, '{"type":"user","sessionId":"1"}\n');
  await expect(importJsonl({ manager: to, path })).rejects.toMatchObject({ code: 'IMPORT_WRONG_FORMAT' });
});
