import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databasePath } from './support/database-path.ts';
import { processEnd } from './support/process-end.ts';
import { type RunningServer, runServer, type RunServerOptions } from './support/running-server.ts';
import { serverCommand, serverEnvironment } from './support/server-command.ts';
import { storedSessions } from './support/stored-sessions.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

async function serverWithSession(
  home: string,
  options: RunServerOptions = {},
): Promise<RunningServer & { readonly sessionId: string }> {
  const server = runServer(home, options);
  await server.initialize();
  const { structuredContent } = await server.callTool('start_session');
  return { ...server, sessionId: (structuredContent as { session_id: string }).session_id };
}

async function endsOf(home: string): Promise<readonly object[]> {
  const sessions = await storedSessions(databasePath(home));
  return sessions.map(({ id, endReason, ends }) => ({ id, endReason, ends }));
}

describe('the client goes, and so does the server', () => {
  test('stdin closed: the session is client_disconnected', async () => {
    const home = await temporaryFolder();
    const { child, ended, sessionId } = await serverWithSession(home);
    child.stdin?.end();
    expect(await ended()).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(await endsOf(home)).toEqual([{ id: sessionId, endReason: 'client_disconnected', ends: 1 }]);
  });

  test('stdin closed with calls in flight: each gets its answer, and is stored', async () => {
    const home = await temporaryFolder();
    const { child, send, answer, ended, sessionId } = await serverWithSession(home);
    const ids = Array.from({ length: 20 }, (_, index) => 100 + index);
    for (const id of ids) {
      const args = { type: 'edit', description: `Action ${id}` };
      send({ id, method: 'tools/call', params: { name: 'log_action', arguments: args } });
    }
    child.stdin?.end();
    const answers = await Promise.all(ids.map(answer));
    expect(answers.filter((message) => 'result' in message)).toHaveLength(ids.length);
    expect((await ended()).code).toBe(0);
    expect(await endsOf(home)).toEqual([{ id: sessionId, endReason: 'client_disconnected', ends: 1 }]);
    const [session] = await storedSessions(databasePath(home));
    expect(session?.entries.map(({ text }) => text).toSorted()).toEqual(ids.map((id) => `Action ${id}`));
  });

  test.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s: the session is shutdown, the exit code 0',
    async (signal) => {
      const home = await temporaryFolder();
      const { child, ended, sessionId } = await serverWithSession(home);
      child.kill(signal);
      expect(await ended()).toMatchObject({ code: 0, signal: null, stderr: '' });
      expect(await endsOf(home)).toEqual([{ id: sessionId, endReason: 'shutdown', ends: 1 }]);
    },
  );

  test('two signals right after each other do not cut the end short', async () => {
    const home = await temporaryFolder();
    const { child, ended, sessionId } = await serverWithSession(home);
    child.stdin?.end();
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    expect(await ended()).toMatchObject({ code: 0, signal: null });
    const [session] = await storedSessions(databasePath(home));
    expect(session).toMatchObject({ id: sessionId, ends: 1 });
    expect(['client_disconnected', 'shutdown']).toContain(session?.endReason);
  });

  test('SIGTERM with calls in flight: what was acknowledged is stored', async () => {
    const home = await temporaryFolder();
    const { child, send, answer, ended } = await serverWithSession(home);
    const ids = Array.from({ length: 200 }, (_, index) => 100 + index);
    for (const id of ids) {
      const args = { type: 'edit', description: `Action ${id}` };
      send({ id, method: 'tools/call', params: { name: 'log_action', arguments: args } });
    }
    await answer(100);
    child.kill('SIGTERM');
    const { code, stdout } = await ended();
    expect(code).toBe(0);
    const acknowledged = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; result?: { isError?: boolean } })
      .filter(({ id, result }) => id >= 100 && result !== undefined && result.isError !== true)
      .map(({ id }) => `Action ${id}`);
    expect(acknowledged.length).toBeGreaterThan(0);
    const [session] = await storedSessions(databasePath(home));
    expect(session).toMatchObject({ endReason: 'shutdown', ends: 1 });
    expect(session?.entries.map(({ text }) => text)).toEqual(expect.arrayContaining(acknowledged));
  });

  test('the client no longer reads: the server notices at its next answer', async () => {
    const home = await temporaryFolder();
    const { child, send, ended, sessionId } = await serverWithSession(home);
    child.stdout?.destroy();
    send({ id: 99, method: 'tools/list', params: {} });
    expect((await ended()).code).toBe(0);
    expect(await endsOf(home)).toEqual([{ id: sessionId, endReason: 'client_disconnected', ends: 1 }]);
  });
});

/** Starts the server with our stdin and stdout, which so stay open when this process is killed. */
const clientThatLendsItsPipes = [
  process.execPath,
  '-e',
  "const [command, ...args] = process.argv.slice(1); require('node:child_process').spawn(command, args, { stdio: 'inherit' });",
];

describe('the client is killed', () => {
  test.for([
    ['directly', []],
    ['behind a wrapper', ['sh', '-c', '"$@"; exit $?', 'sh']],
  ] as const)('%s: the session is owner_died, once, and the server is gone', async ([, wrapper]) => {
    const home = await temporaryFolder();
    const client = startClient(home, [...wrapper, ...serverCommand]);
    const [line] = (await once(createInterface({ input: client.stdout! }), 'line')) as [string];
    const { serverPid, sessionId } = JSON.parse(line) as { serverPid: number; sessionId: string };
    const gone = processEnd(serverPid);
    client.kill('SIGKILL');
    await Promise.all([gone, once(client, 'close')]);
    expect(await endsOf(home)).toEqual([{ id: sessionId, endReason: 'owner_died', ends: 1 }]);
  });

  test('while somebody else holds its pipes open: the session is owner_died all the same', async () => {
    const home = await temporaryFolder();
    const { child, ended, sessionId } = await serverWithSession(home, { through: clientThatLendsItsPipes });
    child.kill('SIGKILL');
    expect((await ended()).signal).toBe('SIGKILL');
    expect(await endsOf(home)).toEqual([{ id: sessionId, endReason: 'owner_died', ends: 1 }]);
  });

  test('a wrapper between is killed while the client lives on: client_disconnected', async () => {
    const home = await temporaryFolder();
    const { child, ended, sessionId } = await serverWithSession(home, {
      through: ['sh', '-c', '"$@"; exit $?', 'sh'],
    });
    child.kill('SIGKILL');
    expect((await ended()).signal).toBe('SIGKILL');
    expect(await endsOf(home)).toEqual([{ id: sessionId, endReason: 'client_disconnected', ends: 1 }]);
  });
});

function startClient(home: string, command: readonly string[]): ChildProcess {
  const program = fileURLToPath(new URL('programs/client.ts', import.meta.url));
  const client = spawn(process.execPath, [program, ...command], {
    env: serverEnvironment(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    client.kill('SIGKILL');
  });
  return client;
}
