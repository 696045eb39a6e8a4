import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { type MarkedProcesses, markProcesses } from './support/marked-processes.ts';
import { isolatedEnvironment, repositoryRoot } from './support/repository.ts';
import { type RunningProgram, runProgram } from './support/running-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface Started {
  readonly home: string;
  readonly marked: MarkedProcesses;
  readonly npm: RunningProgram;
  readonly address: string;
}

/** In a group of its own, as a shell with job control starts it, so that a test can send what Ctrl-C sends. */
async function npmStart(extra: NodeJS.ProcessEnv = { DIARY_API_PORT: '0' }): Promise<Started> {
  const home = await temporaryFolder();
  const marked = markProcesses();
  const npm = runProgram('npm', ['start'], {
    cwd: repositoryRoot,
    detached: true,
    env: isolatedEnvironment(home, { ...marked.environment, ...extra }),
  });
  const [, address = ''] = await npm.printed(/Dashboard\s+(http:\S+)/);
  return { home, marked, npm, address };
}

describe('npm start', () => {
  test('says where the dashboard and the data are, and how to attach', async () => {
    const { home, npm, address, marked } = await npmStart();
    await npm.printed(/mcpServers/);
    expect(npm.output()).toContain(join(home, '.local', 'state', 'endwell', 'endwell.db'));
    expect(npm.output()).toMatch(/claude mcp add endwell -- \S+ run -- \S+/);
    expect((await fetch(new URL('/healthz', address))).status).toBe(200);
    npm.child.kill('SIGTERM');
    await npm.ended();
    await marked.gone(10_000);
  });

  test.for([
    ['SIGTERM to npm', 'SIGTERM', 'npm'],
    ['SIGINT to the group, as Ctrl-C sends it', 'SIGINT', 'group'],
    ['SIGKILL of npm', 'SIGKILL', 'npm'],
  ] as const)('%s, without a terminal, ends all of it', async ([, signal, target]) => {
    const { home, npm, marked, address } = await npmStart();
    const pid = npm.child.pid ?? Number.NaN;
    process.kill(target === 'group' ? -pid : pid, signal);
    await npm.ended();
    await marked.gone(10_000);
    await expect(fetch(new URL('/healthz', address))).rejects.toThrow('fetch failed');
    // Closed cleanly: SQLite removes its write-ahead log when the last connection closes.
    const data = join(home, '.local', 'state', 'endwell');
    expect(existsSync(join(data, 'endwell.db'))).toBe(true);
    expect(existsSync(join(data, 'endwell.db-wal'))).toBe(false);
  });

  test('Ctrl-C in a terminal ends all of it', async ({ skip }) => {
    skip(!existsSync('/usr/bin/script'), 'not run: there is no script(1) to open a terminal with');
    const home = await temporaryFolder();
    const marked = markProcesses();
    const terminal = runProgram('/usr/bin/script', ['-qec', 'npm start', '/dev/null'], {
      cwd: repositoryRoot,
      stdin: 'pipe',
      env: isolatedEnvironment(home, { ...marked.environment, DIARY_API_PORT: '0', SHELL: '/bin/sh' }),
    });
    await terminal.printed(/Dashboard\s+(http:\S+)/);
    terminal.child.stdin?.write('\u0003');
    const end = await terminal.ended();
    await marked.gone(10_000);
    expect(end.output).not.toMatch(/^\s+at /m);
  });

  test('a second start on the same port is one clear sentence and exit code 1', async () => {
    const { npm, marked, address } = await npmStart();
    const port = new URL(address).port;
    const second = runProgram(process.execPath, ['scripts/bootstrap.mjs', 'start'], {
      cwd: repositoryRoot,
      env: isolatedEnvironment(await temporaryFolder(), { ...marked.environment, DIARY_API_PORT: port }),
    });
    const end = await second.ended();
    expect(end.code).toBe(1);
    expect(end.output.trim().split('\n')).toHaveLength(1);
    expect(end.output).toContain('PORT_IN_USE');
    expect(end.output).toContain(port);
    npm.child.kill('SIGTERM');
    await npm.ended();
    await marked.gone(10_000);
  });
});
