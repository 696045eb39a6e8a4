import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { makeFolder } from './make-folder.ts';

describe('makeFolder', () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'make-folder-'));
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  test('makes every level for its user only, and nothing the second time', () => {
    const folder = join(scratch, 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    for (const made of [join(scratch, 'a'), folder]) expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  test('fails where nothing can be made, instead of trying for ever', { timeout: 10_000 }, () => {
    expect(() => makeFolder('/proc/no-such-folder/below')).toThrow(/ENOENT/);
  });

  test('fails where a file is in the way', () => {
    writeFileSync(join(scratch, 'file'), '');
    expect(() => makeFolder(join(scratch, 'file', 'below'))).toThrow(/EEXIST|ENOTDIR/);
  });
});
