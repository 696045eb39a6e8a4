import { cp, mkdir, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
/** Scopes are folders of packages. */
const scoped = (name: string): boolean => name.startsWith('@');

/**
 * The built program, installed where sqlite-vec has no build for the machine, or has one that does not fit it,
 * as beside another C library. Everything else is what it is here.
 */
export async function programWithoutSqliteVec(
  build: 'missing' | 'of another machine',
): Promise<readonly [string, ...string[]]> {
  const folder = await temporaryFolder();
  const installed = join(packageFolder, 'node_modules');
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  for (const part of ['bin', 'dist', 'package.json']) {
    await cp(join(packageFolder, part), join(folder, part), { recursive: true });
  }
  for (const name of await readdir(installed)) {
    if (name.startsWith('.') || name === 'sqlite-vec') continue;
    if (!scoped(name)) await link(join(installed, name), join(modules, name));
    else {
      await mkdir(join(modules, name));
      for (const inner of await readdir(join(installed, name))) {
        await link(join(installed, name, inner), join(modules, name, inner));
      }
    }
  }
  // A copy, so that it finds what is beside it here.
  const original = await realpath(join(installed, 'sqlite-vec'));
  await cp(original, join(modules, 'sqlite-vec'), { recursive: true });
  if (build === 'of another machine') {
    const name = `sqlite-vec-${process.platform}-${process.arch}`;
    const file = createRequire(join(original, 'package.json')).resolve(`${name}/vec0.so`);
    await cp(join(file, '..'), join(modules, name), { recursive: true });
    await writeFile(join(modules, name, 'vec0.so'), '\u007fELF of another machine');
  }
  return [process.execPath, join(folder, 'bin', 'mcp-knowledge-server.js')];
}

async function link(from: string, to: string): Promise<void> {
  await symlink(await realpath(from), to);
}
