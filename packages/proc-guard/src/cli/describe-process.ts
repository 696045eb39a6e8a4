import { formatIdentity } from '../identity/process-identity.ts';
import { processAgeMs } from '../process-table/process-age.ts';
import type { ProcessRecord } from '../process-table/read-process-table.ts';
import type { Suspect } from '../suspects/find-suspects.ts';
import type { GuardedTree } from '../trees/guarded-tree.ts';

/** A process as `--json` shows it. */
export interface ProcessJson {
  readonly pid: number;
  readonly parentPid: number;
  readonly startTime: number;
  readonly ageMs: number;
  readonly residentBytes: number;
  readonly command: readonly string[];
}

export function processJson(record: ProcessRecord): ProcessJson {
  return {
    pid: record.pid,
    parentPid: record.parentPid,
    startTime: record.startTime,
    ageMs: Math.round(processAgeMs(record)),
    residentBytes: record.residentBytes,
    command: record.args.length > 0 ? record.args : [`[${record.name}]`],
  };
}

export function treeJson(tree: GuardedTree): object {
  return {
    id: tree.id,
    state: tree.state,
    owner: formatIdentity(tree.owner),
    ownerState: tree.ownerState,
    guardPid: tree.guardPid,
    members: tree.members.map(processJson),
  };
}

export function suspectJson(suspect: Suspect): object {
  return {
    ...processJson(suspect.process),
    reason: suspect.reason,
    explanation: suspect.explanation,
    descendants: suspect.descendants.map(processJson),
  };
}

/** Processes as an indented tree, one line each: pid, age, memory, command. */
export function renderProcesses(records: readonly ProcessRecord[]): string {
  const byPid = new Map(records.map((record) => [record.pid, record]));
  const lines: string[] = [];
  const shown = new Set<number>();
  const show = (record: ProcessRecord, depth: number): void => {
    if (shown.has(record.pid)) return;
    shown.add(record.pid);
    lines.push(`  ${'  '.repeat(depth)}${renderProcess(record)}`);
    for (const child of records) if (child.parentPid === record.pid) show(child, depth + 1);
  };
  for (const record of records) if (!byPid.has(record.parentPid)) show(record, 0);
  for (const record of records) show(record, 0);
  return `${lines.join('\n')}\n`;
}

const maxCommandLength = 100;

function renderProcess(record: ProcessRecord): string {
  const { ageMs, residentBytes, command } = processJson(record);
  // A command line can hold anything, also what would move the terminal's cursor.
  const text = command.join(' ').replaceAll(/\p{Cc}/gu, '?');
  const short = text.length > maxCommandLength ? `${text.slice(0, maxCommandLength - 1)}…` : text;
  return `${record.pid}  ${renderAge(ageMs)}  ${renderBytes(residentBytes)}  ${short}`;
}

export function renderAge(ageMs: number): string {
  const seconds = Math.floor(ageMs / 1_000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

export function renderBytes(bytes: number): string {
  const megabytes = bytes / 1_048_576;
  return megabytes < 10 ? `${megabytes.toFixed(1)} MB` : `${Math.round(megabytes)} MB`;
}
