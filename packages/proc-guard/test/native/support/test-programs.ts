import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const compiler: string = process.env['CC'] ?? 'cc';
const flags: readonly string[] = ['-std=c11', '-D_GNU_SOURCE', '-O1', '-Wall', '-Wextra', '-Werror'];
const sources: string = fileURLToPath(new URL('../programs/', import.meta.url));

export interface TestPrograms {
  /** Compiles them; to be called before the first test. */
  readonly compile: () => Promise<void>;
  /** The path of a compiled program. */
  readonly path: (name: string) => string;
  readonly remove: () => Promise<void>;
}

/** Test programs in C, compiled into a folder of their own. */
export function testPrograms(...names: readonly string[]): TestPrograms {
  let folder: string | undefined;
  const path = (name: string): string => join(folder ?? '', name);
  const compileOne = (name: string): Promise<unknown> =>
    promisify(execFile)(compiler, [...flags, '-o', path(name), join(sources, `${name}.c`)]);
  return {
    compile: async () => {
      folder = mkdtempSync(join(tmpdir(), 'proc-guard-programs-'));
      await Promise.all(names.map(compileOne));
    },
    path,
    remove: async () => {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
