import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { connectClient } from './support/connect-client.ts';
import { databasePath } from './support/database-path.ts';
import { runServer } from './support/running-server.ts';
import { storedSessions } from './support/stored-sessions.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('a wrong command line or configuration is one sentence and exit code 2', () => {
  test.for([
    [['--no-such-flag'], {}, 'INVALID_ARGUMENT', '--no-such-flag'],
    [['folder'], {}, 'INVALID_ARGUMENT', 'folder'],
    [['--log-level'], {}, 'INVALID_ARGUMENT', '--log-level'],
    [['--log-level', 'loud'], {}, 'INVALID_CONFIG', '--log-level'],
    [[], { ENDWELL_LOG_LEVEL: 'loud' }, 'INVALID_CONFIG', 'ENDWELL_LOG_LEVEL'],
    [[], { ENDWELL_HOME: 'not/absolute' }, 'INVALID_CONFIG', 'ENDWELL_HOME'],
  ] as const)('%j %j', async ([args, env, code, named]) => {
    const {
      code: exitCode,
      stdout,
      stderr,
    } = await runServer(await temporaryFolder(), { args, env }).ended();
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n'), stderr).toHaveLength(1);
    expect(stderr).toContain(`mcp-knowledge-server: ${code}: `);
    expect(stderr).toContain(named);
  });

  test('--help and --version answer on stdout', async () => {
    const help = await runServer(await temporaryFolder(), { args: ['--help'] }).ended();
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/Examples[\s\S]*proc-guard run -- mcp-knowledge-server[\s\S]*ENDWELL_HOME/);
    const version = await runServer(await temporaryFolder(), { args: ['--version'] }).ended();
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(version).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });
});

describe('a wrong call is an error that an agent can act on', () => {
  test.for([
    [
      'log_action',
      { session_id: 'ses_unknown', type: 'edit', description: 'x' },
      'SESSION_NOT_FOUND',
      'start_session',
    ],
    ['end_session', { session_id: "' OR 1=1 --" }, 'SESSION_NOT_FOUND', 'start_session'],
    ['end_session', {}, 'NO_SESSION', 'start_session'],
    ['log_action', {}, 'INVALID_TOOL_ARGUMENTS', 'description'],
    ['log_action', { type: 'x'.repeat(65), description: 'x' }, 'INVALID_TOOL_ARGUMENTS', 'type'],
    ['start_session', { metadata: 'text' }, 'INVALID_TOOL_ARGUMENTS', 'metadata'],
    ['start_session', { metadata: { large: 'x'.repeat(70_000) } }, 'INVALID_OPTIONS', 'metadata'],
  ] as const)('%s %j: %s', async ([tool, args, code, named]) => {
    const { call } = await connectClient(await temporaryFolder());
    const answer = await call(tool, args);
    expect(answer).toMatchObject({ isError: true, code, output: {} });
    expect(answer.text).toMatch(new RegExp(`^${code}: .+\\.\nWhat to do: .+\\.$`));
    expect(answer.text).toContain(named);
    // The server is as good as before.
    expect((await call('start_session')).isError).toBe(false);
  });

  test('an ended session stays ended, and the answer says why it ended', async () => {
    const { call } = await connectClient(await temporaryFolder());
    const { output } = await call('start_session');
    await call('end_session');
    for (const [tool, args] of [
      ['log_action', { type: 'edit', description: 'x' }],
      ['end_session', {}],
    ] as const) {
      const answer = await call(tool, { session_id: output['session_id'], ...args });
      expect(answer.code).toBe('SESSION_ENDED');
      expect(answer.text).toContain('completed');
    }
  });

  test('an unknown tool is a protocol error', async () => {
    const { client } = await connectClient(await temporaryFolder());
    await expect(client.callTool({ name: 'no_such_tool', arguments: {} })).rejects.toMatchObject({
      code: -32_602,
    });
  });

  test('a line that is no message is answered as JSON-RPC says, and logged nowhere', async () => {
    const { child, write, initialize, callTool, ended } = runServer(await temporaryFolder());
    write('this is no JSON\n{"jsonrpc":"2.0"}\n[]\n\n');
    await initialize();
    expect(await callTool('start_session')).not.toHaveProperty('isError');
    child.stdin?.end();
    const { code, stdout, stderr } = await ended();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const refusals = stdout.split('\n').slice(0, 3);
    expect(refusals.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { id: null, error: { code: -32_700 } },
      { id: null, error: { code: -32_600 } },
      { id: null, error: { code: -32_600 } },
    ]);
  });

  test('a message without end closes the connection, and the session with it', async () => {
    const home = await temporaryFolder();
    const { write, initialize, callTool, ended } = runServer(home);
    await initialize();
    await callTool('start_session');
    write('x'.repeat(11 * 1024 * 1024));
    expect((await ended()).code).toBe(0);
    expect(await storedSessions(databasePath(home))).toMatchObject([
      { endReason: 'client_disconnected', ends: 1 },
    ]);
  });
});

describe('a store that cannot be used is a tool error, and is left as it was', () => {
  test('the data folder is a file; once it is gone, the next call works', async () => {
    const home = await temporaryFolder();
    const data = join(home, 'data');
    await writeFile(data, 'not a folder');
    const { call } = await connectClient(home, { env: { ENDWELL_HOME: data } });
    const answer = await call('start_session');
    expect(answer).toMatchObject({ isError: true, code: 'STORE_UNREADABLE' });
    expect(answer.text).toContain('ENDWELL_HOME');
    expect(await readFile(data, 'utf8')).toBe('not a folder');

    await rm(data);
    expect((await call('start_session')).isError).toBe(false);
  });

  test('the database is no database', async () => {
    const home = await temporaryFolder();
    const file = databasePath(home);
    const letter = 'this is a letter, and no database at all\n'.repeat(200);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, letter);
    const { call } = await connectClient(home);
    expect((await call('start_session')).code).toBe('STORE_NOT_A_DATABASE');
    expect(await readFile(file, 'utf8')).toBe(letter);
  });

  test('the database is from a newer version', async () => {
    const home = await temporaryFolder();
    const first = await connectClient(home);
    await first.call('start_session');
    await first.client.close();
    const file = databasePath(home);
    const database = new DatabaseSync(file);
    const raised = database
      .prepare('UPDATE migrations SET version = version + 9000, oldest_reader = 9999')
      .run();
    expect(raised.changes).toBeGreaterThan(0);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    const before = await readFile(file);

    const second = await connectClient(home);
    const answer = await second.call('start_session');
    expect(answer.code).toBe('STORE_SCHEMA_TOO_NEW');
    expect(answer.text).toContain('update mcp-knowledge-server');
    await second.client.close();
    expect((await readFile(file)).equals(before)).toBe(true);
  });
});
