import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createSessionManager, sqliteStore } from '../src/index.ts';
import { createLongWork } from '../src/sqlite-store/long-work/long-work.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

let folder: ScratchFolder;

beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

const program = `
  import { createSessionManager, sqliteStore } from '@endwell/session-core';
  const sessions = createSessionManager({ store: sqliteStore({ path: process.argv[1] }) });
  const { id } = await sessions.start({ kind: 'test' });
  await sessions.record(id, { type: 'note', text: 'hello there' });
  const { hits } = await sessions.search({ text: 'hello' });
  console.log(hits[0].entry.text, (await sessions.integrityCheck()).ok);
  if (process.argv[2] === 'close') await sessions.close();
`;

describe('the thread for long work', () => {
  it('is found in the built package, and keeps no process alive', () => {
    const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));
    expect(existsSync(built), 'build the package first').toBe(true);
    for (const ending of ['close', 'leave open']) {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        ['--input-type=module', '--eval', program, folder.database, ending],
        { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8', timeout: 60_000 },
      );
      expect(stderr).toBe('');
      expect(stdout).toBe('hello there true\n');
      expect(status).toBe(0);
    }
  });

  it('carries the store’s errors across, and starts again after it has been closed', async () => {
    await using sessions = createSessionManager({
      store: sqliteStore({ path: join(folder.path, 'one.db') }),
    });
    await sessions.start({ kind: 'test' });
    const wrong = sessions.search({ text: 'x', cursor: 'none' });
    await expect(wrong).rejects.toMatchObject({
      name: 'SessionError',
      code: 'INVALID_OPTIONS',
      path: 'cursor',
    });
    const longWork = createLongWork({
      path: folder.database,
      durability: 'process-crash',
      readOnly: true,
    });
    const open = (): Promise<unknown> => longWork.run('integrityCheck', null);
    await expect(open()).rejects.toMatchObject({ code: 'STORE_UNREADABLE', path: folder.database });
    await longWork.close();
    await expect(open()).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    await longWork.close();
    await longWork.close();
  });

  it('does what it was given before it is closed', async () => {
    const sessions = createSessionManager({ store: sqliteStore({ path: folder.database }) });
    await sessions.start({ kind: 'test' });
    const checks = [sessions.integrityCheck(), sessions.integrityCheck()];
    await sessions.counts();
    await sessions.close();
    for (const check of checks) expect((await check).problems).toStrictEqual([]);
  });
});
