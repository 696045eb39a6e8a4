import { appendFileSync, existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '@endwell/session-core';
import { expect, test } from 'vitest';
import { importTranscripts } from '../../src/import/transcript/import-transcripts.ts';
import { titleOfSession } from '../../src/title/title-of-session.ts';
import { liveTranscript } from '../support/live-transcript.ts';
import { startAgent } from '../support/start-agent.ts';
import { allSessions, openManager, texts } from '../support/stored-sessions.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const one = '11111111-0000-4000-8000-000000000000';
const two = '22222222-0000-4000-8000-000000000000';

test('what an agent does comes in at each event, and its SIGKILL ends the session', async () => {
  const home = await temporaryHome();
  const agent = await startAgent(home);
  const transcript = liveTranscript(join(home, 'projects', `${one}.jsonl`), one, home);
  const common = { session_id: one, transcript_path: transcript.path, cwd: home };
  const quiet = { code: 0, stdout: '', stderr: '' };

  await rm(transcript.path, { force: true });
  expect(await agent.hook({ ...common, hook_event_name: 'SessionStart', source: 'startup' })).toEqual(quiet);
  transcript.prompt('Build the bridge');
  transcript.tool('make bridge', 'the bridge stands');
  expect(await agent.hook({ ...common, hook_event_name: 'Stop', stop_hook_active: false })).toEqual(quiet);

  const manager = openManager(home);
  const [session] = await allSessions(manager);
  expect(session).toMatchObject({
    state: 'active',
    kind: 'agent',
    source: 'claude-code',
    externalId: one,
    project: home,
    idleTtlMs: 12 * 3_600_000,
    maxLifetimeMs: 7 * 24 * 3_600_000,
  });
  expect(session?.owner?.identity).toContain(`:${agent.child.pid}:`);
  if (session === undefined) return;
  expect(await texts(manager, session)).toEqual([
    'SessionStart: startup',
    'Build the bridge',
    'Bash: make bridge',
    'the bridge stands',
  ]);
  expect(await titleOfSession(manager, session)).toBe('Build the bridge');

  const ended = new Promise<Session>((resolve) =>
    manager.events.on('session:ended', ({ session: gone }) => resolve(gone)),
  );
  await agent.kill();
  expect(await ended).toMatchObject({ id: session.id, endReason: 'owner_died' });

  // What was written after the last hook is not lost: an import brings it, and nothing twice.
  transcript.prompt('The last words');
  const report = await importTranscripts({ manager, paths: [transcript.path] });
  expect(report).toMatchObject({ added: 1, live: [] });
  const sessions = await allSessions(manager);
  expect(sessions).toHaveLength(2);
  expect(sessions[1]).toMatchObject({ continues: session.id, state: 'ended', entryCount: 1 });
  expect((await importTranscripts({ manager, paths: [transcript.path] })).added).toBe(0);
});

test('over startup, resume, clear, compact and fork nothing is lost and nothing is there twice', async () => {
  const home = await temporaryHome();
  const first = liveTranscript(join(home, 'projects', `${one}.jsonl`), one, home);
  const second = liveTranscript(join(home, 'projects', `${two}.jsonl`), two, home);
  const event = (of: typeof first, name: string, more: object = {}): object => ({
    session_id: of.sessionId,
    transcript_path: of.path,
    cwd: home,
    hook_event_name: name,
    ...more,
  });
  const said: string[] = [];
  const say = (where: typeof first, text: string): void => void said.push(where.prompt(text));

  let agent = await startAgent(home);
  await agent.hook(event(first, 'SessionStart', { source: 'startup' }));
  say(first, 'in the first session');
  await agent.hook(event(first, 'Stop'));
  say(first, 'before compacting');
  await agent.hook(event(first, 'SessionStart', { source: 'compact' }));
  say(first, 'after compacting, and never stopped');
  // On /clear the old session's end may not come, and the new event's input stays open.
  const cleared = await agent.hook(event(second, 'SessionStart', { source: 'clear' }), { holdInput: true });
  expect(cleared).toEqual({ code: 0, stdout: '', stderr: '' });
  say(second, 'in the second session');
  await agent.hook(event(second, 'SessionEnd', { reason: 'prompt_input_exit' }));
  say(second, 'after its end');
  await agent.hook(event(second, 'Stop'));
  await agent.kill();

  agent = await startAgent(home);
  say(first, 'written before the resume was told');
  await agent.hook(event(first, 'SessionStart', { source: 'resume' }));
  say(first, 'resumed');
  await agent.hook(event(first, 'Stop'));
  const forked = liveTranscript(join(home, 'projects', 'fork.jsonl'), 'fork', home);
  say(forked, 'forked');
  await agent.hook(event(forked, 'SessionStart', { source: 'fork' }));
  await agent.hook(event(forked, 'SomethingNew', { weather: 'fine' }));
  await agent.kill();

  const manager = openManager(home);
  await manager.sweep();
  const sessions = await allSessions(manager);
  expect(sessions.map(({ externalId, endReason }) => `${externalId?.slice(0, 4)} ${endReason}`)).toEqual([
    '1111 completed',
    '2222 completed',
    '2222 owner_died',
    '1111 completed',
    'fork owner_died',
  ]);
  expect(sessions[2]?.continues).toBe(sessions[1]?.id);
  expect(sessions[3]?.continues).toBe(sessions[0]?.id);
  const stored = (await Promise.all(sessions.map((session) => texts(manager, session)))).flat();
  const prompts = stored.filter((text) => !text?.startsWith('SessionStart') && text !== 'SomethingNew');
  expect(prompts).toHaveLength(said.length);
  expect(new Set(prompts)).toEqual(new Set(said));
  expect(stored.filter((text) => text?.startsWith('SessionStart'))).toHaveLength(5);
  expect(stored).toContain('SomethingNew');
});

test('a sub-agent is a child that ends when it stops, from either kind of file', async () => {
  const home = await temporaryHome();
  const agent = await startAgent(home);
  const transcript = liveTranscript(join(home, 'projects', `${one}.jsonl`), one, home);
  const common = { session_id: one, transcript_path: transcript.path, cwd: home };
  await agent.hook({ ...common, hook_event_name: 'SessionStart', source: 'startup' });
  transcript.prompt('Ask somebody');
  transcript.subAgent('a1', 'asked in between');
  await agent.hook({ ...common, hook_event_name: 'SubagentStop', agent_id: 'a1' });

  const own = join(home, 'projects', one, 'subagents', 'agent-b2.jsonl');
  await mkdir(join(own, '..'), { recursive: true });
  const line = { type: 'user', isSidechain: true, agentId: 'b2', sessionId: one, cwd: home, uuid: 'b2-1' };
  await writeFile(
    own,
    `${JSON.stringify({ ...line, message: { role: 'user', content: 'asked in a file' } })}\n`,
  );
  await agent.hook({ ...common, hook_event_name: 'Stop' });
  const manager = openManager(home);
  expect((await manager.list({ externalId: `${one}/b2`, source: 'claude-code' })).sessions).toMatchObject([
    { state: 'active', entryCount: 1 },
  ]);
  appendFileSync(
    own,
    `${JSON.stringify({ ...line, uuid: 'b2-2', message: { role: 'user', content: 'and again' } })}\n`,
  );
  await agent.hook({
    ...common,
    hook_event_name: 'SubagentStop',
    agent_id: 'b2',
    agent_transcript_path: own,
  });

  const sessions = await allSessions(manager);
  const main = sessions.find(({ externalId }) => externalId === one);
  expect(sessions.filter(({ kind }) => kind === 'sub-agent')).toMatchObject([
    { externalId: `${one}/a1`, parentId: main?.id, state: 'ended', endReason: 'completed', entryCount: 1 },
    { externalId: `${one}/b2`, parentId: main?.id, state: 'ended', endReason: 'completed', entryCount: 2 },
  ]);
  expect(main).toMatchObject({ state: 'active', entryCount: 2 });
});

test('a torn last line is left for later, and a large transcript is not read again from its start', async () => {
  const home = await temporaryHome();
  const agent = await startAgent(home);
  const transcript = liveTranscript(join(home, 'projects', `${one}.jsonl`), one, home);
  const event = { session_id: one, transcript_path: transcript.path, cwd: home, hook_event_name: 'Stop' };
  for (let turn = 0; turn < 300; turn += 1) transcript.tool(`step ${turn}`, 'x'.repeat(2_000));
  transcript.torn();
  expect(await agent.hook(event)).toMatchObject({ code: 0, stderr: '' });
  const manager = openManager(home);
  const [before] = await allSessions(manager);
  expect(before?.entryCount).toBe(600);
  appendFileSync(transcript.path, 'er","content":"whole at last"}}\n');
  // What is long known is not looked at: garbage in its place would be reported otherwise.
  await agent.hook(event);
  const [after] = await allSessions(manager);
  expect(after?.entryCount).toBe(601);
});

test('nothing is written while recording is paused or the folder is excluded, and never later', async () => {
  const home = await temporaryHome();
  const data = join(home, 'data');
  const agent = await startAgent(home);
  const transcript = liveTranscript(join(home, 'projects', `${one}.jsonl`), one, home);
  const stop = { session_id: one, transcript_path: transcript.path, cwd: home, hook_event_name: 'Stop' };
  await mkdir(data);
  const rules = async (value: object | string): Promise<void> =>
    await writeFile(join(data, 'privacy.json'), typeof value === 'string' ? value : JSON.stringify(value));

  await rules({ exclude: [join(home, '..', '*')], pauses: [] });
  transcript.prompt('private by its folder');
  expect(await agent.hook(stop)).toEqual({ code: 0, stdout: '', stderr: '' });
  const from = Date.now();
  await rules({ exclude: [], pauses: [{ from: from - 60_000, to: null }] });
  transcript.prompt('private by its time');
  expect(await agent.hook(stop)).toEqual({ code: 0, stdout: '', stderr: '' });
  await rules('{"exclude": 7}');
  const confused = await agent.hook(stop);
  expect(confused).toMatchObject({ code: 0, stdout: '' });
  expect(confused.stderr).toContain('PRIVACY_UNREADABLE');
  expect(await readdir(data)).toEqual(['privacy.json']);

  await rules({ exclude: [], pauses: [{ from: from - 60_000, to: Date.now() + 1 }] });
  await new Promise((resolve) => setTimeout(resolve, 5));
  transcript.prompt('public again');
  await agent.hook(stop);
  const manager = openManager(home);
  const [session] = await allSessions(manager);
  expect(session === undefined ? [] : await texts(manager, session)).toEqual(['public again']);
});

test('whatever comes on its input, it exits with 0, says nothing on stdout and one line on stderr', async () => {
  const home = await temporaryHome();
  const agent = await startAgent(home);
  for (const [payload, holdInput] of [
    ['', false],
    ['', true],
    ['[1, 2]', true],
    ['{"hook_event_name": "Stop"', true],
    ['{"hook_event_name": "Stop"', false],
    ['no JSON', false],
    ['{"session_id": "1"}', true],
    ['{"hook_event_name": "Stop"}', true],
  ] as const) {
    const end = await agent.hook(payload, { holdInput });
    expect(end, payload).toMatchObject({ code: 0, stdout: '' });
    expect(end.stderr, payload).toMatch(/^diary hook: HOOK_EVENT_INVALID: [^\n]+\n$/);
  }
  const wrong = await agent.hook({}, { args: '--no-such-flag' });
  expect(wrong).toMatchObject({ code: 0, stdout: '' });
  expect(wrong.stderr).toContain('INVALID_ARGUMENT');
  // The first value counts, also when another follows and the input stays open.
  const pair =
    '{"hook_event_name": "Notification", "session_id": "1", "message": "}\\"{"} {"hook_event_name"';
  expect(await agent.hook(pair, { holdInput: true })).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(existsSync(join(home, 'data', 'endwell.db'))).toBe(true);
});
