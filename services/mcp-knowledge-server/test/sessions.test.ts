import { readdir } from 'node:fs/promises';
import { currentIdentity, formatIdentity } from '@endwell/proc-guard';
import { projectOf } from '@endwell/session-core';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as FirstStdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databasePath } from './support/database-path.ts';
import { connectClient } from './support/connect-client.ts';
import { serverCommand, serverEnvironment } from './support/server-command.ts';
import { storedSessions } from './support/stored-sessions.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('a session through the tools', () => {
  test('start, log, end: each answer is structured and has a text copy, and all of it is stored', async () => {
    const home = await temporaryFolder();
    const { client, call } = await connectClient(home, { name: 'coding-agent' });

    const started = await call('start_session', { project: 'p', metadata: { branch: 'main' } });
    expect(started.output).toMatchObject({
      reused: false,
      project: 'p',
      agent: 'coding-agent',
      entry_count: 0,
    });
    const id = String(started.output['session_id']);
    const [, json = ''] = started.text.split('\n');
    expect(JSON.parse(json)).toEqual(started.output);

    const logged = await call('log_action', {
      type: 'edit',
      description: 'Renamed a function',
      files_affected: ['src/a.ts'],
      success: true,
    });
    expect(logged.output).toMatchObject({ session_id: id, sequence: 1 });
    const ended = await call('end_session', { note: 'done' });
    expect(ended.output).toMatchObject({
      session_id: id,
      end_reason: 'completed',
      persisted: { entries: 1 },
    });
    await client.close();

    const [session, ...others] = await storedSessions(databasePath(home));
    expect(others).toEqual([]);
    expect(session).toMatchObject({
      id,
      kind: 'agent',
      project: 'p',
      agent: 'coding-agent',
      metadata: { branch: 'main' },
      state: 'ended',
      endReason: 'completed',
      endNote: 'done',
      ends: 1,
      owner: { identity: formatIdentity(currentIdentity()) },
    });
    expect(session?.entries).toMatchObject([
      {
        type: 'action',
        text: 'Renamed a function',
        data: { action: 'edit', files: ['src/a.ts'], success: true },
      },
    ]);
  });

  test.for(['legacy', 'auto'] as const)('the %s opening of the SDK client is served', async (mode) => {
    const { client, call } = await connectClient(await temporaryFolder(), {
      name: `agent-${mode}`,
      client: { versionNegotiation: { mode } },
    });
    expect(client.getServerVersion()?.name).toBe('mcp-knowledge-server');
    expect((await call('start_session')).output).toMatchObject({
      agent: `agent-${mode}`,
      project: projectOf(process.cwd()),
    });
    expect((await call('end_session')).output).toMatchObject({ end_reason: 'completed' });
  });

  test('a client of the first SDK generation is served', async () => {
    const [command, ...args] = serverCommand;
    const client = new FirstClient({ name: 'first', version: '1' });
    const transport = new FirstStdioTransport({
      command,
      args,
      env: serverEnvironment(await temporaryFolder()),
      stderr: 'inherit',
    });
    await client.connect(transport);
    onTestFinished(() => client.close());
    const started = await client.callTool({ name: 'start_session', arguments: {} });
    expect(started.structuredContent).toMatchObject({ agent: 'first', reused: false });
    const ended = await client.callTool({ name: 'end_session', arguments: {} });
    expect(ended.structuredContent).toMatchObject({ end_reason: 'completed' });
  });

  test("start_session returns the caller's own active session, also to calls made together", async () => {
    const { call } = await connectClient(await temporaryFolder());
    const answers = await Promise.all(Array.from({ length: 5 }, () => call('start_session')));
    expect(new Set(answers.map(({ output }) => output['session_id'])).size).toBe(1);
    expect(answers.filter(({ output }) => output['reused'] === false)).toHaveLength(1);

    await call('end_session');
    const next = await call('start_session');
    expect(next.output['reused']).toBe(false);
    expect(next.output['session_id']).not.toBe(answers[0]?.output['session_id']);
  });

  test('an action sent together with start_session finds the session', async () => {
    const { call } = await connectClient(await temporaryFolder());
    const [started, logged] = await Promise.all([
      call('start_session'),
      call('log_action', { type: 'plan', description: 'Sent without waiting' }),
    ]);
    expect(logged.output['session_id']).toBe(started.output['session_id']);
  });

  test('a retried action lands once', async () => {
    const { call } = await connectClient(await temporaryFolder());
    await call('start_session');
    const action = { type: 'edit', description: 'Once', idempotency_key: 'a' };
    expect((await call('log_action', action)).output['sequence']).toBe(1);
    expect((await call('log_action', action)).output['sequence']).toBe(1);
    expect((await call('log_action', { ...action, description: 'Other' })).code).toBe('IDEMPOTENCY_CONFLICT');
    expect((await call('end_session')).output['persisted']).toMatchObject({ entries: 1 });
  });

  test('several projects have a session each, and then a call has to say which', async () => {
    const { call } = await connectClient(await temporaryFolder());
    const first = await call('start_session', { project: 'first' });
    const second = await call('start_session', { project: 'second' });
    expect((await call('log_action', { type: 'edit', description: 'Which?' })).code).toBe(
      'SESSION_AMBIGUOUS',
    );
    await call('end_session', { session_id: first.output['session_id'] });
    expect(
      (await call('log_action', { type: 'edit', description: 'The one left' })).output['session_id'],
    ).toBe(second.output['session_id']);
  });
});

describe('two clients with a server each', () => {
  test('share one store, and end_session without an id ends only the own session', async () => {
    const home = await temporaryFolder();
    const [one, two] = await Promise.all([
      connectClient(home, { name: 'one' }),
      connectClient(home, { name: 'two' }),
    ]);
    const idOne = (await one.call('start_session', { project: 'shared' })).output['session_id'];
    const idTwo = (await two.call('start_session', { project: 'shared' })).output['session_id'];
    expect(idOne).not.toBe(idTwo);

    await Promise.all(
      [one, two].flatMap(({ call }) =>
        Array.from({ length: 50 }, (_, index) =>
          call('log_action', { type: 'edit', description: String(index) }),
        ),
      ),
    );
    expect((await two.call('end_session')).output).toMatchObject({
      session_id: idTwo,
      persisted: { entries: 50 },
    });
    expect((await two.call('end_session')).code).toBe('NO_SESSION');
    expect((await one.call('log_action', { type: 'edit', description: 'Alive' })).output['sequence']).toBe(
      51,
    );
    // By its id another client's session can be ended, and the one who has it is told.
    await two.call('end_session', { session_id: idOne });
    const late = await one.call('log_action', { type: 'edit', description: 'Too late' });
    expect(late.code).toBe('SESSION_ENDED');
    expect((await one.call('start_session', { project: 'shared' })).output['reused']).toBe(false);
    await Promise.all([one.client.close(), two.client.close()]);

    const sessions = await storedSessions(databasePath(home));
    expect(sessions).toHaveLength(3);
    expect(sessions.map(({ ends }) => ends)).toEqual([1, 1, 1]);
  });
});

describe('what a start leaves behind', () => {
  test('nothing, until the first call that needs the store', async () => {
    const home = await temporaryFolder();
    const { client, call } = await connectClient(home);
    await client.listTools();
    expect((await call('end_session')).code).toBe('NO_SESSION');
    expect((await call('log_action', { type: 7 })).code).toBe('INVALID_TOOL_ARGUMENTS');
    expect(await readdir(home, { recursive: true })).toEqual([]);
    await client.close();
    expect(await readdir(home, { recursive: true })).toEqual([]);
  });

  test('afterwards one database and its bell, and no file named after a session', async () => {
    const home = await temporaryFolder();
    const { client, call } = await connectClient(home);
    await call('start_session');
    await client.close();
    const files = await readdir(home, { recursive: true });
    expect(files.filter((file) => file.endsWith('.db'))).toEqual(['.local/state/endwell/endwell.db']);
    expect(files.filter((file) => /session/i.test(file))).toEqual([]);
    expect(
      files.filter((file) => /-(wal|shm)$/.test(file)),
      'the database was not closed',
    ).toEqual([]);
  });
});
