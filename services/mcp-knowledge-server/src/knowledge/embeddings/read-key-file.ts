import { readFileSync } from 'node:fs';

import { settings } from '../../config/settings.ts';
import { KnowledgeError } from '../../errors/knowledge-error.ts';

/**
 * The key of the embeddings endpoint; undefined when it needs none.
 *
 * @throws KnowledgeError `INVALID_CONFIG`
 */
export function readKeyFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { variable } = settings.embeddingsKeyFile;
    throw new KnowledgeError('INVALID_CONFIG', `${variable}: the key cannot be read from ${file}.`, {
      setting: variable,
      cause: error,
    });
  }
}
