import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ScratchFolder extends AsyncDisposable {
  readonly path: string;
  /** A path for a database in a folder that does not exist yet. */
  readonly database: string;
}

export async function scratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), 'endwell-core-'));
  return {
    path,
    database: join(path, 'home', 'endwell.db'),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
