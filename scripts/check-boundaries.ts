/**
 * The arrows between the parts: services → session-core → proc-guard, never sideways. A package can import only
 * what its manifest declares (pnpm links nothing else, and knip finds what is not declared), so the manifests
 * are where the arrows are checked.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { publishedPackages, repositoryRoot } from './pack-packages.ts';

/** A package may depend only on what is lower. */
const layers: readonly (readonly string[])[] = [
  ['@endwell/proc-guard-linux-x64', '@endwell/proc-guard-linux-arm64'],
  ['@endwell/proc-guard'],
  ['@endwell/session-core'],
  ['@endwell/diary-api', '@endwell/mcp-knowledge-server'],
];

type Manifest = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;

const dependencyFields = [
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
] as const;

/** Zero at run time in proc-guard, and next to that in session-core, is a promise to those who install them. */
const allowedRuntimeDependencies: Readonly<Record<string, readonly string[]>> = {
  '@endwell/proc-guard': [],
  '@endwell/session-core': ['@endwell/proc-guard', '@standard-schema/spec', 'pino', 'zod'],
};

export async function checkBoundaries(): Promise<boolean> {
  const complaints: string[] = [];
  for (const { name, folder } of publishedPackages) {
    const manifest = JSON.parse(
      await readFile(join(repositoryRoot, folder, 'package.json'), 'utf8'),
    ) as Manifest;
    const own = layerOf(name);
    for (const dependency of dependencyFields.flatMap((field) => Object.keys(manifest[field] ?? {}))) {
      if (!dependency.startsWith('@endwell/')) continue;
      if (layerOf(dependency) >= own) complaints.push(`${name} must not depend on ${dependency}.`);
    }
    const allowed = allowedRuntimeDependencies[name];
    for (const dependency of Object.keys(manifest['dependencies'] ?? {})) {
      if (allowed?.includes(dependency) === false)
        complaints.push(`${name} must not need ${dependency} at run time.`);
    }
  }
  for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
  return complaints.length === 0;
}

function layerOf(name: string): number {
  const layer = layers.findIndex((names) => names.includes(name));
  if (layer < 0) throw new Error(`${name} has no layer yet; give it one in scripts/check-boundaries.ts.`);
  return layer;
}
