import { existsSync } from 'node:fs';
import { join } from 'node:path';

const packageFolder = join(import.meta.dirname, '..', '..');

/** A small transcript of our own. */
export function fixture(name: string): string {
  return join(packageFolder, 'test', 'fixtures', 'transcripts', name);
}

/** Real transcripts beside the repository, where they are there; they are not part of it. */
export const realTranscripts: string = join(packageFolder, '..', '..', '..', 'shared', 'data', 'transcripts');

export const hasRealTranscripts: boolean = existsSync(realTranscripts);
