import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
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

  it('asks the disk, and tells what it answers', async () => {
    // A device that takes everything and has no disk to wait for: the system refuses.
    const sync = createWalSync('/dev/null');
    await expect(sync.settle()).rejects.toMatchObject({ code: 'EINVAL', syscall: 'fdatasync' });
    sync.close();
  });

  it('opens the file once, and leaves nothing open', async () => {
    const path = join(folder, 'open-wal');
    writeFileSync(path, 'frames');
    const open = (): number =>
      readdirSync('/proc/self/fd').filter((name) => {
        try {
          return readlinkSync(`/proc/self/fd/${name}`) === path;
        } catch {
          // The list itself.
          return false;
        }
      }).length;
    const sync = createWalSync(path);
    await sync.settle();
    await sync.settle();
    expect(open()).toBe(1);
    sync.close();
    sync.close();
    expect(open()).toBe(0);
  });
});
