import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createSessionManager, isSessionError, sqliteStore } from '../src/index.ts';
import { checkFileSystem } from '../src/sqlite-store/check-file-system.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

let folder: ScratchFolder;
let mounted: string;

beforeEach(async () => {
  folder = await scratchFolder();
  mounted = join(folder.path, 'disk');
  mkdirSync(mounted);
});
afterEach(async () => {
  spawnSync('umount', [mounted]);
  await folder[Symbol.asyncDispose]();
});

const mount = (...options: string[]): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', options.join(','), 'tmpfs', mounted]).status === 0;

it('is waited for before a write is acknowledged, where power may be lost', () => {
  const program = fileURLToPath(new URL('fixtures/record-once.ts', import.meta.url));
  const syncs = ['power-loss', 'process-crash'].map((durability) => {
    const args = ['--trace-event-categories=node.fs.async', '--conditions=@endwell/source', program];
    const { status, stderr } = spawnSync(process.execPath, [...args, folder.database, durability], {
      cwd: folder.path,
      encoding: 'utf8',
    });
    expect([status, stderr]).toStrictEqual([0, '']);
    return readFileSync(join(folder.path, 'node_trace.1.log'), 'utf8').split('"name":"fdatasync"').length - 1;
  });
  expect(syncs[0]).toBeGreaterThan(0);
  expect(syncs[1]).toBe(0);
});

describe('a network file system', () => {
  it('is refused with its name, before anything is made', () => {
    const none = join(folder.path, 'none', 'endwell.db');
    for (const [type, name] of [
      [0x6969, 'NFS'],
      [0xff534d42, 'CIFS'],
      [-11_317_950, 'CIFS'],
      [0x01021997, '9P'],
    ] as const) {
      const check = (): void => {
        checkFileSystem(none, (path) => {
          if (path !== folder.path) throw Object.assign(new Error('none'), { code: 'ENOENT' });
          return type;
        });
      };
      expect(check).toThrow(expect.objectContaining({ code: 'STORE_NETWORK_FILE_SYSTEM', path: none }));
      expect(check).toThrow(`(${name})`);
    }
    checkFileSystem(none);
    checkFileSystem(none, () => 0xef53);
  });
});

describe('a disk that is full', () => {
  it('refuses with STORE_FULL, loses nothing that was acknowledged, and goes on when there is room', async () => {
    if (!mount('size=6m')) {
      console.log('NOT RUN on a full disk: no file system can be mounted here (root is needed).');
      return;
    }
    const filler = join(mounted, 'filler');
    writeFileSync(filler, Buffer.alloc(3 * 2 ** 20));
    await using sessions = createSessionManager({
      store: sqliteStore({ path: join(mounted, 'x.db') }),
      owner: null,
    });
    const { id } = await sessions.start({ kind: 'test' });
    let acknowledged = 0;
    const fill = async (): Promise<unknown> => {
      for (;;) {
        try {
          await sessions.record(id, { type: 'note', text: `${acknowledged} ${'filling '.repeat(3_000)}` });
          acknowledged += 1;
        } catch (error) {
          return error;
        }
      }
    };
    const error = await fill();
    expect(isSessionError(error) && error.code).toBe('STORE_FULL');
    expect(acknowledged).toBeGreaterThan(5);
    expect((await sessions.get(id)).entryCount).toBe(acknowledged);
    rmSync(filler);
    await sessions.record(id, { type: 'note', text: 'room again' });
    expect((await sessions.get(id)).entryCount).toBe(acknowledged + 1);
    expect((await sessions.integrityCheck()).problems).toStrictEqual([]);
  });
});

describe('a file system that is read-only', () => {
  it('refuses to write with STORE_READ_ONLY', async () => {
    if (!mount('size=6m')) {
      console.log('NOT RUN on a read-only file system: none can be mounted here (root is needed).');
      return;
    }
    expect(spawnSync('mount', ['-o', 'remount,ro', mounted]).status).toBe(0);
    await using sessions = createSessionManager({
      store: sqliteStore({ path: join(mounted, 'new', 'x.db') }),
      owner: null,
    });
    await expect(sessions.start({ kind: 'test' })).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
  });
});
