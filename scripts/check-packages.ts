/**
 * What is published is what works: each package is packed as `pnpm publish` would pack it, and publint and
 * "are the types wrong" look at the result. Installing and running the packed files is an end-to-end test.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { packPackage, publishedPackages, runToEnd } from './pack-packages.ts';

export async function checkPackages(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'endwell-packages-'));
  try {
    let passed = true;
    for (const published of publishedPackages) {
      const tarball = await packPackage(published.folder, folder);
      const verdicts = [await runToEnd('publint', ['run', tarball, '--strict'])];
      if (published.hasTypes) {
        verdicts.push(await runToEnd('attw', [tarball, '--profile', 'esm-only']));
      }
      for (const verdict of verdicts) {
        if (verdict.code === 0) continue;
        passed = false;
        process.stdout.write(verdict.output);
      }
      process.stdout.write(`${passed ? 'ok' : 'not ok'} ${published.name}\n`);
    }
    return passed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
