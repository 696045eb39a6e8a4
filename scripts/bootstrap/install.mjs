import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, platform, stderr } from 'node:process';
import { projectNode, root } from './run.mjs';
import { runQuietly } from './run-quietly.mjs';

const stampFile = join(root, 'node_modules', '.endwell-install');

/** Installs with the pinned pnpm, unless what is installed already fits the lockfile and the manifest. */
export async function install() {
  const fingerprint = fingerprintOfManifests();
  if (existsSync(projectNode) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint)
    return;
  stderr.write('Installing from the npm registry; the first time this takes about half a minute.\n');
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await runQuietly(
    'install',
    platform === 'win32' ? 'npx.cmd' : 'npx',
    ['-y', packageManager, 'install', '--frozen-lockfile'],
    // On the Node that runs us: the project's own is not there yet. `CI` keeps pnpm from asking questions.
    { env: { ...env, CI: 'true' }, shell: platform === 'win32' },
  );
  writeFileSync(stampFile, fingerprint);
}

function fingerprintOfManifests() {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']) {
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}
