import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createWalSync } from './wal-sync.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endwell-sync-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('waiting for the disk', () => {
  it('shares a sync among all who come while another is under way, and not that one', async () => {
    const path = join(folder, 'x-wal');
    writeFileSync(path, 'frames');
    const sync = createWalSync(path);
    const [first, second, third] = [sync.settle(), sync.settle(), sync.settle()];
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    const order: number[] = [];
    await Promise.all([first, second].map((each, index) => each.then(() => order.push(index))));
    expect(order).toStrictEqual([0, 1]);
    await sync.settle();
    sync.close();
  });

  it('fails for good once it has failed: nobody knows what the disk has kept', async () => {
    const path = join(folder, 'late-wal');
    const sync = createWalSync(path);
    const waiting = [sync.settle(), sync.settle()];
    for (const each of waiting) await expect(each).rejects.toMatchObject({ code: 'ENOENT' });
    writeFileSync(path, 'frames');
    await expect(sync.settle()).rejects.toMatchObject({ code: 'ENOENT' });
    sync.close();
  });
});
