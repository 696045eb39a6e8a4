import { fileURLToPath } from 'node:url';

/** How the tests start the server: from its source, so that no build is needed first. */
export const serverCommand: readonly [string, ...string[]] = [
  process.execPath,
  '--conditions=@endwell/source',
  fileURLToPath(new URL('../../src/main.ts', import.meta.url)),
];

/** An environment that knows nothing of this machine's user. */
export function serverEnvironment(home: string, extra: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, ...extra };
}
