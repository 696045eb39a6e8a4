import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Builds the observer in a folder that goes away with the demo; undefined without a C compiler. */
export function compileObserver(folder: string): string | undefined {
  const program = join(folder, 'observer');
  const source = fileURLToPath(new URL('observer.c', import.meta.url));
  const { status } = spawnSync('cc', ['-O1', '-o', program, source], { stdio: 'ignore' });
  return status === 0 ? program : undefined;
}
