import type { ProcessRecord, ProcessTable } from '../process-table/read-process-table.ts';
import { descendantsOf } from '../trees/descendants.ts';
import { bootClockMs, processAgeMs } from '../process-table/process-age.ts';
import { createStreamInspector, type StreamInspector } from './stream-inspector.ts';

/**
 * `stdin-writer-gone`: no living process can write to its stdin any more, and none reads its stdout.
 * `reparented`: whoever started it has ended, and nobody reads its stdout. `many-copies`: one of many sleeping copies of
 * one command under one living parent.
 */
export type SuspectReason = 'stdin-writer-gone' | 'reparented' | 'many-copies';

/** Something that nobody guards and that looks left behind. Never ended unless it is named. */
export interface Suspect {
  readonly process: ProcessRecord;
  readonly reason: SuspectReason;
  /** The reason in a sentence. */
  readonly explanation: string;
  /** What it has started, which would end with it. */
  readonly descendants: readonly ProcessRecord[];
}

export interface FindSuspectsOptions {
  /** @defaultValue '/proc' */
  readonly procRoot?: string;
  /** Whose processes are looked at; @defaultValue this process's effective user */
  readonly uid?: number;
  /**
   * Younger ones are left alone: a server whose client has just ended may be about to end itself.
   *
   * @defaultValue 2_000
   */
  readonly minAgeMs?: number;
  /**
   * How many copies are many.
   *
   * @defaultValue 10
   */
  readonly manyCopies?: number;
}

/**
 * Finds stdio servers that were left behind, by what the kernel knows about their pipes and
 * sockets and not by their names. A daemon has no pipe as stdin or leads a session of its own,
 * a terminal's program has the terminal: none of them is a suspect.
 */
export function findSuspects(table: ProcessTable, options: FindSuspectsOptions = {}): readonly Suspect[] {
  const inspector = createStreamInspector(table, options.procRoot);
  const uid = options.uid ?? process.geteuid?.();
  const minAgeMs = options.minAgeMs ?? 2_000;
  const now = bootClockMs();
  // Whoever asks is in use, and what it runs below is too: it may have its client where we cannot look.
  const self = table.get(process.pid);
  const asking = new Set(self === undefined ? [process.pid] : lineOf(self, table).map(({ pid }) => pid));
  const servers = [...table.values()].filter(
    (record) =>
      record.uid === uid &&
      !asking.has(record.pid) &&
      record.args.length > 0 &&
      record.cookies.length === 0 &&
      !record.detached &&
      processAgeMs(record, now) >= minAgeMs &&
      isStdioServer(record.pid, inspector) &&
      !wasSetApart(record, table, inspector),
  );
  const found = new Map<number, Omit<Suspect, 'descendants'>>();
  for (const suspect of manyCopies(servers, table, options.manyCopies ?? 10))
    found.set(suspect.process.pid, suspect);
  for (const record of servers) {
    const suspect = leftBehind(record, inspector);
    if (suspect !== undefined) found.set(record.pid, suspect);
  }
  return [...found.values()]
    .filter(
      ({ process }) =>
        !lineOf(process, table)
          .slice(1)
          .some(({ pid }) => found.has(pid)),
    )
    .map((suspect) => ({ ...suspect, descendants: descendantsOf([suspect.process.pid], table) }));
}

/** Somebody talks to it, or did, through a pipe or socket in each direction. */
function isStdioServer(pid: number, inspector: StreamInspector): boolean {
  return inspector.stream(pid, 0).kind !== 'other' && inspector.stream(pid, 1).kind !== 'other';
}

/**
 * Whoever leads a session of its own was set apart on purpose, and one that was put into our pid namespace from
 * outside (`nsenter`) may have its client there. The same goes for what shares the stdin of such a process.
 */
function wasSetApart(record: ProcessRecord, table: ProcessTable, inspector: StreamInspector): boolean {
  const stdin = inspector.name(record.pid, 0);
  return lineOf(record, table).some(
    (ancestor) =>
      (ancestor.session === ancestor.pid || cameFromOutside(ancestor, table)) &&
      inspector.name(ancestor.pid, 0) === stdin,
  );
}

/**
 * A parent or a session outside our pid namespace has the number 0. Where init itself has such a session (`unshare`,
 * `bwrap`, an init that never asked for one), everything below it inherits that, and only a process group of its own
 * tells what init has started for somebody.
 */
function cameFromOutside(record: ProcessRecord, table: ProcessTable): boolean {
  if (record.parentPid === 0) return true;
  return record.session === 0 && (table.get(1)?.session !== 0 || record.processGroup === record.pid);
}

/** A process and its ancestors, the nearest first. */
function lineOf(record: ProcessRecord, table: ProcessTable): readonly ProcessRecord[] {
  const line: ProcessRecord[] = [];
  for (
    let at: ProcessRecord | undefined = record;
    at !== undefined && !line.includes(at);
    at = table.get(at.parentPid)
  ) {
    line.push(at);
  }
  return line;
}

/** Whose output somebody still reads is in use, even if its stdin was closed on purpose. */
function leftBehind(
  record: ProcessRecord,
  inspector: StreamInspector,
): Omit<Suspect, 'descendants'> | undefined {
  if (inspector.stream(record.pid, 1).otherEnd !== 'gone') return undefined;
  if (inspector.stream(record.pid, 0).otherEnd === 'gone') {
    return {
      process: record,
      reason: 'stdin-writer-gone',
      explanation: 'no living process can write to its stdin any more, and none reads its stdout',
    };
  }
  if (record.parentPid !== 1) return undefined;
  return {
    process: record,
    reason: 'reparented',
    explanation:
      'whoever started it has ended, and nobody reads its stdout; somebody else holds its stdin open',
  };
}

function manyCopies(
  servers: readonly ProcessRecord[],
  table: ProcessTable,
  limit: number,
): readonly Omit<Suspect, 'descendants'>[] {
  const groups = Map.groupBy(
    servers.filter(({ parentPid, state }) => parentPid > 1 && table.has(parentPid) && state === 'S'),
    ({ parentPid, args }) => `${parentPid}\0${args.join('\0')}`,
  );
  return [...groups.values()]
    .filter((copies) => copies.length >= limit)
    .flatMap((copies) =>
      copies.map((process) => ({
        process,
        reason: 'many-copies' as const,
        explanation: `one of ${copies.length} sleeping copies of one command under process ${process.parentPid}`,
      })),
    );
}
