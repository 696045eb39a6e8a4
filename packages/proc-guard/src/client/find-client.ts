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
  /**
   * Undefined when no ancestor can be seen. Pid 1 means that it started the process, or that
   * whoever did has already died.
   */
  readonly client: ProcessIdentity | undefined;
  /** Those between the process and its client, the nearest first. */
  readonly wrappers: readonly ProcessIdentity[];
}

const maxAncestors = 64;

/**
 * Who started a process for real: its first ancestor that is no wrapper (`sh -c`, `npx`,
 * `npm exec`, `pnpm dlx`, `uvx`, the guard itself). An ancestor that cannot be read ends the walk:
 * the nearest that could be read is the client then.
 */
export function findClient(options: FindClientOptions = {}): ClientOfProcess {
  const reader = options.reader ?? systemReader();
  const ancestors: ProcessIdentity[] = [];
  if (!reader.isOurs) return { client: undefined, wrappers: [] };

  let parentPid = reader.stat(options.pid ?? reader.ownPid)?.parentPid ?? 0;
  while (parentPid > 0 && ancestors.length < maxAncestors) {
    const pid = parentPid;
    const stat = reader.stat(pid);
    const commandLine = reader.commandLine(pid);
    if (stat === undefined || commandLine === undefined) break;
    ancestors.push({
      bootId: reader.bootId,
      pidNamespace: reader.pidNamespace(pid),
      pid,
      startTime: stat.startTime,
    });
    if (pid === 1 || !isWrapper(commandLine)) break;
    parentPid = stat.parentPid;
  }
  return { client: ancestors.at(-1), wrappers: ancestors.slice(0, -1) };
}
