import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';

import { errnoCode } from '../errors/errno-code.ts';

export type FoundHelper = { readonly path: string } | { readonly path: undefined; readonly reason: string };

let cached: FoundHelper | undefined;

/** Where the native helper is; with a reason when there is none. Looked up once. */
export function findHelper(): FoundHelper {
  cached ??= lookUpHelper();
  return cached;
}

function lookUpHelper(): FoundHelper {
  // For tests of the fallback, and for those who build the helper themselves.
  const chosen = process.env['PROC_GUARD_NATIVE'];
  if (chosen === 'off') return { path: undefined, reason: 'switched off by PROC_GUARD_NATIVE=off' };
  if (chosen !== undefined && chosen !== '') return executableAt(chosen);
  if (process.platform !== 'linux') {
    return { path: undefined, reason: `there is no native helper for ${process.platform}` };
  }
  const name = `@endwell/proc-guard-linux-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return executableAt(manifest.replace(/package\.json$/, 'bin/proc-guard-native'));
  } catch (error) {
    if (errnoCode(error) !== 'MODULE_NOT_FOUND') throw error;
    return { path: undefined, reason: `the optional package ${name} is not installed` };
  }
}

function executableAt(path: string): FoundHelper {
  try {
    accessSync(path, constants.X_OK);
    return { path };
  } catch (error) {
    return { path: undefined, reason: `${path} cannot be executed (${errnoCode(error) ?? 'unknown error'})` };
  }
}
