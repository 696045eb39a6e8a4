import { detachedMarkName } from '../cookie/detached-mark.ts';
import { guardCookieName, parseGuardCookies, type GuardCookie } from '../cookie/guard-cookie.ts';
import { hasEnded, parseProcessStat, type ProcessStat } from '../identity/process-stat.ts';
import { listProcessFolder, readProcessFile } from './process-files.ts';

/** One living process, as `/proc` shows it. */
export interface ProcessRecord extends ProcessStat {
  /** The effective user; undefined when it ended while we looked. */
  readonly uid: number | undefined;
  readonly residentBytes: number;
  readonly args: readonly string[];
  /** The outermost first, the nearest last; empty also where the environment may not be read. */
  readonly cookies: readonly GuardCookie[];
  /** It was started by `proc-guard detach`, or below what was. */
  readonly detached: boolean;
}

export interface ReadProcessTableOptions {
  /** @defaultValue '/proc' */
  readonly procRoot?: string;
}

export type ProcessTable = ReadonlyMap<number, ProcessRecord>;

/** Everything that runs and can be seen from here. Empty where there is no `/proc`. */
export function readProcessTable(options: ReadProcessTableOptions = {}): ProcessTable {
  const root = options.procRoot ?? '/proc';
  const table = new Map<number, ProcessRecord>();
  for (const entry of listProcessFolder(root)) {
    if (!/^\d+$/.test(entry)) continue;
    const record = readProcessRecord(root, Number(entry));
    if (record !== undefined) table.set(record.pid, record);
  }
  return table;
}

export function readProcessRecord(root: string, pid: number): ProcessRecord | undefined {
  const folder = `${root}/${pid}`;
  const text = readProcessFile(`${folder}/stat`);
  const stat = text === undefined ? undefined : parseProcessStat(text);
  if (stat === undefined || hasEnded(stat)) return undefined;
  const status = readProcessFile(`${folder}/status`) ?? '';
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  return {
    ...stat,
    uid: uid === undefined ? undefined : Number(uid),
    residentBytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
    args: (readProcessFile(`${folder}/cmdline`) ?? '').split('\0').slice(0, -1),
    ...readMarks(folder),
  };
}

function readMarks(folder: string): Pick<ProcessRecord, 'cookies' | 'detached'> {
  const entries = (readProcessFile(`${folder}/environ`) ?? '').split('\0');
  const valueOf = (name: string): string | undefined =>
    entries.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1);
  return {
    cookies: parseGuardCookies(valueOf(guardCookieName) ?? ''),
    detached: valueOf(detachedMarkName) !== undefined,
  };
}
