import { readdirSync, readFileSync } from 'node:fs';

/** One living process, as `/proc` shows it. Written for the demo alone, so that it shares no mistake with proc-guard. */
export interface LivingProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** Tells a process from a later one with the same pid. */
  readonly startTime: string;
  readonly commandLine: string;
  readonly ignoresTerm: boolean;
}

export function livingProcesses(): readonly LivingProcess[] {
  return readProcesses(livingPids());
}

export function descendantsOf(ancestor: number): readonly LivingProcess[] {
  const processes = livingProcesses();
  const found: LivingProcess[] = [];
  const below = new Set([ancestor]);
  // A parent is not always listed before its child.
  for (let before = -1; before !== found.length;) {
    before = found.length;
    for (const process of processes) {
      if (below.has(process.pid) || !below.has(process.parentPid)) continue;
      below.add(process.pid);
      found.push(process);
    }
  }
  return found;
}

export function carriersOf(variable: string, value: string): readonly LivingProcess[] {
  const entry = `${variable}=${value}`;
  return readProcesses(livingPids().filter((pid) => read(pid, 'environ').split('\0').includes(entry)));
}

export function isSame(process: LivingProcess): boolean {
  return readProcess(process.pid)?.startTime === process.startTime;
}

function livingPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readProcesses(pids: readonly number[]): readonly LivingProcess[] {
  return pids.map(readProcess).filter((process) => process !== undefined);
}

function readProcess(pid: number): LivingProcess | undefined {
  const stat = read(pid, 'stat');
  // The name in brackets may contain anything, also brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parentPid] = fields;
  const startTime = fields[19];
  if (startTime === undefined || state === 'Z' || state === 'X') return undefined;
  const ignored = /^SigIgn:\s+([0-9a-f]+)/m.exec(read(pid, 'status'))?.[1] ?? '0';
  return {
    pid,
    parentPid: Number(parentPid),
    startTime,
    commandLine: read(pid, 'cmdline').replaceAll('\0', ' ').trim(),
    // SIGTERM is 15, the lowest bit is 1.
    ignoresTerm: (BigInt(`0x${ignored}`) & (1n << 14n)) !== 0n,
  };
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // It has ended, or belongs to somebody else.
  }
}
