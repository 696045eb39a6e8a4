import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { repositoryRoot } from './repository.ts';

const run = promisify(execFile);

export interface ScratchClone {
  readonly folder: string;
  /** Runs a program of the clone's own `node_modules/.bin` and returns its standard output. */
  run(command: string, ...args: string[]): Promise<string>;
}

/**
 * A clone of the working tree as it is now, uncommitted changes included, with everything installed:
 * for tests that change files, versions or caches. It is gone when the test file is over.
 */
export async function scratchClone(): Promise<ScratchClone> {
  const folder = await mkdtemp(join(tmpdir(), 'endwell-clone-'));
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const git = (...args: string[]): Promise<{ stdout: string }> =>
    run('git', args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  const { stdout: files } = await run(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: repositoryRoot,
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  for (const file of new Set(files.split('\0').filter(Boolean))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(repositoryRoot, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error; // Listed by git, removed in the working tree.
    });
  }
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '-qm', 'Scratch');
  await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], {
    cwd: folder,
    env: { ...process.env, CI: 'true' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const bin = join(folder, 'node_modules', '.bin');
  return {
    folder,
    run: async (command, ...args) => {
      const { stdout } = await run(join(bin, command), args, {
        cwd: folder,
        env: {
          ...process.env,
          PATH: `${bin}:${process.env['PATH']}`,
          TURBO_TELEMETRY_DISABLED: '1',
          CI: 'true',
        },
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout;
    },
  };
}
