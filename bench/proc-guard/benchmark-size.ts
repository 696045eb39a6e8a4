import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from '../programs.ts';
import type { Table } from '../table.ts';
import { findOnPath, nativeHelper } from './peers.ts';

/** What each takes on the disk: programs as one file, packages as all the JavaScript that is installed with them. */
export async function benchmarkSize(): Promise<Table> {
  const rows: string[][] = [
    ['the native helper (static)', await fileSize(nativeHelper)],
    [
      'proc-guard, the library and the command line',
      await scriptSize(join(repositoryRoot, 'packages', 'proc-guard', 'dist')),
    ],
  ];
  for (const name of ['tini', 'dumb-init']) {
    const path = findOnPath(name);
    rows.push([name, path === undefined ? 'not measured: not installed' : await fileSize(path)]);
  }
  for (const name of ['execa', 'p-retry', 'cockatiel'])
    rows.push([name, await scriptSize(packageFolder(name))]);
  return { columns: ['on the disk', 'KiB'], rows };
}

function packageFolder(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.resolve(name)));
  while (!folder.endsWith(join('node_modules', name))) folder = dirname(folder);
  return folder;
}

const kibibytes = (bytes: number): string => String(Math.round(bytes / 1_024));

async function fileSize(path: string): Promise<string> {
  return kibibytes((await stat(path)).size);
}

/** Without what the package depends on. */
async function scriptSize(folder: string): Promise<string> {
  let bytes = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    if (/\.(?:c|m)?js$/.test(name) && !name.includes('node_modules'))
      bytes += (await stat(join(folder, name))).size;
  }
  return kibibytes(bytes);
}
