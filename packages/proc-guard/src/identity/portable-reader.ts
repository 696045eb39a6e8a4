import { execFileSync } from 'node:child_process';
import { hostname } from 'node:os';

import { probePid, type ProcessReader } from './process-reader.ts';
import type { ProcessStat } from './process-stat.ts';

/**
 * Where there is no `/proc`. macOS answers through `ps`, to the second; Windows knows only about
 * this process and its parent, without start times, so that `isAlive` there says `unknown` for what exists.
 */
export function portableReader(): ProcessReader {
  const ownStart = Math.floor((Date.now() - process.uptime() * 1000) / 1000);
  return {
    bootId:
      hostname()
        .replaceAll(/[^0-9A-Za-z-]/g, '-')
        .slice(0, 64) || 'host',
    ownPid: process.pid,
    isOurs: true,
    pidNamespace: () => 0,
    stat: (pid) => (process.platform === 'win32' ? windowsStat(pid, ownStart) : unixStat(pid)),
    commandLine: (pid) => (process.platform === 'win32' ? undefined : unixField(pid, 'args=')),
    probe: probePid,
  };
}

function windowsStat(pid: number, ownStart: number): ProcessStat | undefined {
  if (probePid(pid) === 'absent') return undefined;
  const own = pid === process.pid;
  return {
    pid,
    name: '',
    state: 'R',
    parentPid: own ? process.ppid : 0,
    processGroup: 0,
    session: 0,
    exiting: false,
    threadCount: 1,
    startTime: own ? ownStart : 0,
  };
}

function unixStat(pid: number): ProcessStat | undefined {
  const text = unixField(pid, 'ppid=,pgid=,state=,lstart=');
  const match = text === undefined ? null : /^\s*(\d+)\s+(\d+)\s+(\S)\S*\s+(.+?)\s*$/.exec(text);
  if (match === null) return undefined;
  return {
    pid,
    name: '',
    state: match[3] ?? '',
    parentPid: Number(match[1]),
    processGroup: Number(match[2]),
    session: 0,
    exiting: false,
    threadCount: 1,
    startTime: Math.floor(Date.parse(match[4] ?? '') / 1000),
  };
}

/** `ps` exits with 1 for a process that is not there: that is an answer, not a failure. */
function unixField(pid: number, field: string): string | undefined {
  try {
    return execFileSync('ps', ['-o', field, '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5_000,
    });
  } catch (error) {
    if ((error as { status?: unknown }).status === 1) return undefined;
    throw error;
  }
}
