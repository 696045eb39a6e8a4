import { listProcessFolder, readProcessFile, readProcessLink } from '../process-table/process-files.ts';
import type { ProcessTable } from '../process-table/read-process-table.ts';

export interface ProcessStream {
  readonly kind: 'pipe' | 'socket' | 'other';
  /** Whether any living process holds the other end; `unknown` where that cannot be seen. */
  readonly otherEnd: 'held' | 'gone' | 'unknown';
}

export interface StreamInspector {
  stream(pid: number, descriptor: 0 | 1): ProcessStream;
  /** What the kernel calls it (`pipe:[123]`): equal for all who share it. */
  name(pid: number, descriptor: 0 | 1): string;
}

const other: ProcessStream = { kind: 'other', otherEnd: 'unknown' };

/** Looks at who holds the other ends of pipes and sockets, as the kernel shows it at this moment. */
export function createStreamInspector(table: ProcessTable, procRoot = '/proc'): StreamInspector {
  let pipes: PipeHolders | undefined;
  const sockets = new Map<string, ReadonlyMap<string, UnixSocket>>();

  const pipeStream = (pid: number, descriptor: 0 | 1, inode: string): ProcessStream => {
    pipes ??= readPipeHolders(table, procRoot);
    // A process whose descriptors are hidden, and which is no stranger, may hold the other end.
    if (hasHiddenAncestor(pid, table, pipes.hidden)) return { kind: 'pipe', otherEnd: 'unknown' };
    const holders = (descriptor === 0 ? pipes.writers : pipes.readers).get(inode);
    const held = holders !== undefined && [...holders].some((holder) => holder !== pid);
    return { kind: 'pipe', otherEnd: held ? 'held' : 'gone' };
  };

  const socketStream = (pid: number, inode: string): ProcessStream => {
    const namespace = readProcessLink(`${procRoot}/${pid}/ns/net`) ?? '';
    let known = sockets.get(namespace);
    if (known === undefined) {
      known = readUnixSockets(`${procRoot}/${pid}/net/unix`);
      sockets.set(namespace, known);
    }
    const socket = known.get(inode);
    if (socket === undefined || !socket.connectedStream) return { kind: 'socket', otherEnd: 'unknown' };
    // A connected socket is referenced by its file, by the kernel's list and by its peer, while there is one.
    return { kind: 'socket', otherEnd: socket.references <= 2 ? 'gone' : 'held' };
  };

  const name = (pid: number, descriptor: 0 | 1): string =>
    readProcessLink(`${procRoot}/${pid}/fd/${descriptor}`) ?? '';

  return {
    name,
    stream: (pid, descriptor) => {
      const match = /^(pipe|socket):\[(\d+)\]$/.exec(name(pid, descriptor));
      const [, kind, inode] = match ?? [];
      if (inode === undefined) return other;
      return kind === 'pipe' ? pipeStream(pid, descriptor, inode) : socketStream(pid, inode);
    },
  };
}

interface PipeHolders {
  readonly readers: ReadonlyMap<string, ReadonlySet<number>>;
  readonly writers: ReadonlyMap<string, ReadonlySet<number>>;
  /** Those whose descriptors we may not look at. */
  readonly hidden: ReadonlySet<number>;
}

const accessMode = 0o3;
const readOnly = 0;
const writeOnly = 1;

function readPipeHolders(table: ProcessTable, procRoot: string): PipeHolders {
  const readers = new Map<string, Set<number>>();
  const writers = new Map<string, Set<number>>();
  const hidden = new Set<number>();
  for (const pid of table.keys()) {
    // A living process has at least one; none that can be read means that we may not look.
    hidden.add(pid);
    for (const descriptor of listProcessFolder(`${procRoot}/${pid}/fd`)) {
      const target = readProcessLink(`${procRoot}/${pid}/fd/${descriptor}`);
      if (target === undefined) continue;
      hidden.delete(pid);
      const inode = /^pipe:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined) continue;
      const flags = /^flags:\s+(\d+)/m.exec(
        readProcessFile(`${procRoot}/${pid}/fdinfo/${descriptor}`) ?? '',
      )?.[1];
      const mode = Number.parseInt(flags ?? '2', 8) & accessMode;
      if (mode !== writeOnly) addTo(readers, inode, pid);
      if (mode !== readOnly) addTo(writers, inode, pid);
    }
  }
  return { readers, writers, hidden };
}

function addTo(map: Map<string, Set<number>>, inode: string, pid: number): void {
  const pids = map.get(inode) ?? new Set();
  pids.add(pid);
  map.set(inode, pids);
}

function hasHiddenAncestor(pid: number, table: ProcessTable, hidden: ReadonlySet<number>): boolean {
  const seen = new Set<number>();
  for (let at = table.get(pid)?.parentPid ?? 0; at > 1 && !seen.has(at); at = table.get(at)?.parentPid ?? 0) {
    if (hidden.has(at)) return true;
    seen.add(at);
  }
  return false;
}

interface UnixSocket {
  readonly references: number;
  readonly connectedStream: boolean;
}

/** `Num RefCount Protocol Flags Type St Inode Path`, numbers in hexadecimal except the inode. */
function readUnixSockets(path: string): ReadonlyMap<string, UnixSocket> {
  const found = new Map<string, UnixSocket>();
  for (const line of (readProcessFile(path) ?? '').split('\n').slice(1)) {
    const [, references, , , type, state, inode] = line.trim().split(/\s+/);
    if (references === undefined || inode === undefined) continue;
    found.set(inode, {
      references: Number.parseInt(references, 16),
      connectedStream: type === '0001' && state === '03',
    });
  }
  return found;
}
