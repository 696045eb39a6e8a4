import { readFileSync } from 'node:fs';

/** From the manifest, which is one folder above `dist` and two above `src/cli`. */
export function packageVersion(): string {
  const here = import.meta.url;
  const manifest = new URL(here.endsWith('.ts') ? '../../package.json' : '../package.json', here);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return version;
}
