import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stderr } from 'node:process';
import { root, run } from './run.mjs';

/** Builds what has changed, and says nothing unless it fails; a second time all of it comes from turbo's cache. */
export async function build() {
  const logFile = join(root, 'node_modules', '.endwell-build.log');
  const log = openSync(logFile, 'w');
  try {
    const turbo = join(root, 'node_modules', '.bin', 'turbo');
    const code = await run(turbo, ['run', 'build', '--output-logs=errors-only'], {
      stdio: ['ignore', log, log],
    });
    if (code === 0) return;
    stderr.write(readFileSync(logFile));
    throw new Error(`The build failed with exit code ${code}; its own words are above.`);
  } finally {
    closeSync(log);
  }
}
