import { existsSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { startDiary } from '../support/diary-process.ts';
import { readEvents } from '../support/event-reader.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** Ten times what the end of the program is promised to take. */
const DEADLINE_MS = 10_000;

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends it cleanly with an open stream, and closes the store',
  async (signal) => {
    const home = await temporaryHome();
    const diary = startDiary(['serve', '--port', '0'], { home });
    const address = await diary.address();
    expect((await fetch(new URL('/readyz', address))).status).toBe(200);
    const created = await fetch(new URL('/api/v1/sessions', address), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"project":"kept"}',
    });
    expect(created.status).toBe(201);
    const reader = await readEvents(new URL('/api/v1/events', address));
    await reader.next('stream:ready');

    const askedAt = performance.now();
    diary.child.kill(signal);
    await reader.end();
    const end = await diary.ended;
    expect(performance.now() - askedAt).toBeLessThan(DEADLINE_MS);
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(end.stdout).toBe(`diary: listening on ${address}\n`);
    // SQLite removes its write-ahead log when the last connection closes.
    expect(existsSync(join(home, 'data', 'endwell.db'))).toBe(true);
    expect(existsSync(join(home, 'data', 'endwell.db-wal'))).toBe(false);
    await expect(fetch(address)).rejects.toThrow('fetch failed');

    const again = startDiary(['serve', '--port', '0'], { home });
    const list = await fetch(new URL('/api/v1/sessions', await again.address()));
    expect(await list.json()).toMatchObject({ sessions: [{ project: 'kept', state: 'active' }] });
  },
);

test('the end of the process that gave it an IPC channel ends it', async () => {
  const diary = startDiary(['serve', '--port', '0'], { home: await temporaryHome(), ipc: true });
  await diary.address();
  diary.child.disconnect();
  expect(await diary.ended).toMatchObject({ code: 0, signal: null });
});

interface Chain {
  readonly address: string;
  killShell(): Promise<void>;
  killWrapper(): void;
}

/** An interactive shell, for which a program stands that is no wrapper, runs `sh -c`, which runs a program that ends in the server. */
async function startBehindShell(programBelow: readonly string[]): Promise<Chain> {
  const home = await temporaryHome();
  const quoted = programBelow.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const shell = spawn(
    process.execPath,
    [
      '-e',
      `const wrapper = require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(`${quoted}; true`)}], { stdio: ['ignore', 'inherit', 'inherit'] });
       console.log('wrapper ' + wrapper.pid);`,
    ],
    {
      env: { PATH: process.env['PATH'], HOME: home, ENDWELL_HOME: join(home, 'data') },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]();
  const read = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`ended before ${pattern}`);
      const match = pattern.exec(value);
      if (match?.[1] !== undefined) return match[1];
    }
  };
  const wrapperPid = Number(await read(/^wrapper (\d+)$/));
  let wrapperEnded = false;
  const killWrapper = (): void => {
    if (!wrapperEnded) process.kill(wrapperPid, 'SIGKILL');
    wrapperEnded = true;
  };
  onTestFinished(() => {
    killWrapper();
    shell.kill('SIGKILL');
  });
  return {
    address: await read(/listening on (\S+)$/),
    killWrapper,
    killShell: async () => {
      shell.kill('SIGKILL');
      await once(shell, 'exit');
    },
  };
}

const serve = [
  process.execPath,
  '--conditions=@endwell/source',
  '--disable-warning=ExperimentalWarning',
  join(import.meta.dirname, '..', '..', 'src', 'main.ts'),
  'serve',
  '--port',
  '0',
];

test('the death of the sh -c that started it ends it, and the death of the shell above does not', async () => {
  const chain = await startBehindShell(serve);
  await chain.killShell();
  // A stream that opens after that shows that the server lives.
  const reader = await readEvents(new URL('/api/v1/events', chain.address));
  await reader.next('stream:ready');
  expect((await fetch(new URL('/healthz', chain.address))).status).toBe(200);

  chain.killWrapper();
  await reader.end();
  await expect(fetch(chain.address)).rejects.toThrow('fetch failed');
});

test('behind a launcher with an IPC channel, the death of the sh -c above the launcher ends it', async () => {
  const [node = '', ...args] = serve;
  const launcher = `
    const child = require('node:child_process').spawn(${JSON.stringify(node)}, ${JSON.stringify(args)}, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.on('exit', () => process.exit());`;
  const chain = await startBehindShell([node, '-e', launcher.replaceAll('\n', ' ')]);
  const reader = await readEvents(new URL('/api/v1/events', chain.address));
  await reader.next('stream:ready');
  chain.killWrapper();
  await reader.end();
  await expect(fetch(chain.address)).rejects.toThrow('fetch failed');
});

test('requests are logged to stderr at the level info, and stdout has the one line', async () => {
  const diary = startDiary(['serve', '--port', '0', '--log-level', 'info'], { home: await temporaryHome() });
  const address = await diary.address();
  await fetch(new URL('/api/v1/stats', address));
  diary.child.kill('SIGTERM');
  const end = await diary.ended;
  expect(end.stdout.trim().split('\n')).toHaveLength(1);
  const entries = end.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { req?: { url: string } });
  expect(entries.some(({ req }) => req?.url === '/api/v1/stats')).toBe(true);
});

test('0.0.0.0 without a token refuses in one sentence and makes no file, and with one it serves who has it', async () => {
  const home = await temporaryHome();
  const refused = await startDiary(['serve', '--host', '0.0.0.0', '--port', '0'], { home }).ended;
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/^diary: TOKEN_REQUIRED: 0\.0\.0\.0 [^\n]+\.\n$/);
  expect(existsSync(join(home, 'data'))).toBe(false);

  const token = 'a-token-for-this-test';
  const diary = startDiary(['serve', '--host', '0.0.0.0', '--port', '0'], {
    home,
    env: { DIARY_API_TOKEN: token },
  });
  const { port } = new URL(await diary.address());
  const url = `http://127.0.0.1:${port}/api/v1/stats`;
  expect((await fetch(url)).status).toBe(401);
  expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
});

test('a token that is too short is refused without being repeated', async () => {
  const { code, stderr } = await startDiary(['serve'], {
    home: await temporaryHome(),
    env: { DIARY_API_TOKEN: 'short' },
  }).ended;
  expect(code).toBe(2);
  expect(stderr).toContain('INVALID_CONFIG: DIARY_API_TOKEN');
  expect(stderr).not.toContain('short,');
  expect(stderr).not.toContain('"short"');
});
