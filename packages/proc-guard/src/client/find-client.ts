import type { ProcessIdentity } from '../identity/process-identity.ts';
import { systemReader, type ProcessReader } from '../identity/process-reader.ts';
import { isWrapper } from './is-wrapper.ts';

export interface FindClientOptions {
  /**
   * Whose client to look for.
   *
   * @defaultValue this process
   */
  readonly pid?: number;
  /** @defaultValue the operating system */
  readonly reader?: ProcessReader;
}

export interface ClientOfProcess {
  /** Undefined when the walk ended at pid 1 or at a process that we may not look at. */
  readonly client: ProcessIdentity | undefined;
  /** Those between the process and its client, the nearest first. */
  readonly wrappers: readonly ProcessIdentity[];
}

/**
 * Who started a process for real: its first ancestor that is no wrapper (`sh -c`, `npx`,
 * `npm exec`, `pnpm dlx`, `uvx`, the guard itself).
 */
export function findClient(options: FindClientOptions = {}): ClientOfProcess {
  const reader = options.reader ?? systemReader();
  const wrappers: ProcessIdentity[] = [];
  const { bootId, pidNamespace } = reader;
  if (pidNamespace === undefined) return { client: undefined, wrappers };

  let pid = options.pid ?? reader.ownPid;
  const seen = new Set<number>();
  for (;;) {
    seen.add(pid);
    const parentPid = reader.stat(pid)?.parentPid ?? 0;
    // A cycle cannot be in one snapshot, but pids can be reused while we walk.
    if (parentPid <= 1 || seen.has(parentPid)) return { client: undefined, wrappers };
    const stat = reader.stat(parentPid);
    const commandLine = reader.commandLine(parentPid);
    if (stat === undefined || commandLine === undefined) return { client: undefined, wrappers };
    const identity = { bootId, pidNamespace, pid: parentPid, startTime: stat.startTime };
    if (!isWrapper(commandLine)) return { client: identity, wrappers };
    wrappers.push(identity);
    pid = parentPid;
  }
}
