import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DiaryError } from '../errors/diary-error.ts';

export interface DashboardAsset {
  readonly mediaType: string;
  readonly content: Buffer;
  readonly entityTag: string;
}

/** By the path of the URL. */
export type DashboardAssets = ReadonlyMap<string, DashboardAsset>;

/** `dist/client` beside the built program, `src/dashboard/client` beside this file. */
const ownFolder = fileURLToPath(new URL('./client/', import.meta.url));

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads the page's few files once. Unbuilt, the browser gets the TypeScript with its types blanked
 * out, so that both ways serve the same code.
 *
 * @throws DiaryError `DASHBOARD_MISSING`
 */
export async function loadDashboardAssets(folder: string = ownFolder): Promise<DashboardAssets> {
  const assets = new Map<string, DashboardAsset>();
  try {
    for (const name of await readdir(folder, { recursive: true })) {
      const extension = extname(name);
      const mediaType = mediaTypes[extension];
      if (mediaType === undefined) continue;
      const file = await readFile(join(folder, name));
      const content = extension === '.ts' ? Buffer.from(stripTypeScriptTypes(file.toString())) : file;
      const entityTag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
      const asset = { mediaType, content, entityTag };
      if (name === 'index.html') assets.set('/', asset);
      else assets.set(`/assets/${name}`, asset);
      // The page asks for what the build makes of it.
      if (name === 'main.ts') assets.set('/assets/main.js', asset);
    }
  } catch (error) {
    throw new DiaryError('DASHBOARD_MISSING', `The dashboard's files cannot be read from ${folder}.`, {
      cause: error,
    });
  }
  for (const path of ['/', '/assets/main.js', '/assets/styles/base.css']) {
    if (!assets.has(path)) {
      throw new DiaryError(
        'DASHBOARD_MISSING',
        `The dashboard's files in ${folder} are incomplete: ${path} is missing.`,
      );
    }
  }
  return assets;
}
