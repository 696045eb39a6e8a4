import { join } from 'node:path';
import { root } from './run.mjs';
import { runQuietly } from './run-quietly.mjs';

/** Builds what has changed; a second time all of it comes from turbo's cache. */
export function build() {
  return runQuietly('build', join(root, 'node_modules', '.bin', 'turbo'), [
    'run',
    'build',
    '--output-logs=errors-only',
  ]);
}
