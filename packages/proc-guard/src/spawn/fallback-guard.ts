import { fileURLToPath } from 'node:url';

export interface FallbackGuardSettings {
  readonly graceMs: number;
  /** The fd of the pipe whose end means the owner's. Undefined: the guard watches its parents only. */
  readonly controlFd: number;
  readonly owner: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** The arguments for `node` that start the guard where there is no native helper. */
export function fallbackGuardArguments(settings: FallbackGuardSettings): readonly string[] {
  return [
    fallbackGuardPath(),
    String(settings.graceMs),
    String(settings.controlFd),
    settings.owner,
    settings.command,
    ...settings.args,
  ];
}

/** Unbuilt, this file is TypeScript, and so is the guard; built, both are in `dist`. */
function fallbackGuardPath(): string {
  const here = import.meta.url;
  return fileURLToPath(
    new URL(here.endsWith('.ts') ? '../guard-fallback/main.ts' : './guard-fallback.js', here),
  );
}

export function fallbackGaps(reason: string): readonly string[] {
  return [
    `the guard is a Node program, because ${reason}`,
    'when the guard is killed together with us, the command lives on until its stdin ends',
    process.platform === 'linux'
      ? 'a process that forks faster than /proc can be read may escape'
      : 'a process that has left the process group may escape',
  ];
}
