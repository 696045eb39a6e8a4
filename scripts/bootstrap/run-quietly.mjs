import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stderr } from 'node:process';
import { run } from './run.mjs';

/** Runs a step whose words nobody needs to read while it goes well. When it fails, all of them are printed. */
export async function runQuietly(step, program, args, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'endwell-bootstrap-'));
  const file = join(folder, 'output');
  const output = openSync(file, 'w');
  try {
    const code = await run(program, args, { ...options, stdio: ['ignore', output, output] });
    if (code === 0) return;
    stderr.write(readFileSync(file));
    throw new Error(`The ${step} failed with exit code ${code}; its own words are above.`);
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true, force: true });
  }
}
