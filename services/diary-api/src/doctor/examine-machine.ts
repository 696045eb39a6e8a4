import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

import { inspectProcesses, isProcGuardError, planReap } from '@endwell/proc-guard';

import { legacyFiles } from '../import/legacy/import-legacy.ts';
import type { Finding } from './finding.ts';

const LOW_BYTES = 1_000_000_000;
const FULL_BYTES = 50_000_000;
const PORT_TIMEOUT_MS = 2_000;

export function examineProcesses(): Finding[] {
  try {
    const inspection = inspectProcesses();
    const left = planReap(inspection).items.flatMap(({ members }) => members);
    const findings: Finding[] = [];
    if (left.length > 0) {
      findings.push({
        check: 'processes',
        level: 'warning',
        what: `${left.length} guarded ${left.length === 1 ? 'process has' : 'processes have'} outlived what started ${left.length === 1 ? 'it' : 'them'}: ${left
          .map(({ pid }) => pid)
          .slice(0, 10)
          .join(', ')}.`,
        meaning: 'Nobody uses them any more, and nothing else will end them.',
        fix: 'diary doctor --fix, or proc-guard reap --yes',
      });
    }
    if (inspection.suspects.length > 0) {
      findings.push({
        check: 'processes',
        level: 'warning',
        what: `${inspection.suspects.length} other ${inspection.suspects.length === 1 ? 'process looks' : 'processes look'} left behind: ${inspection.suspects
          .map(({ process }) => process.pid)
          .slice(0, 10)
          .join(', ')}.`,
        meaning: 'Nobody guards them, so only a person can say whether they are needed.',
        fix: 'proc-guard ps shows why; proc-guard reap PID ends one',
      });
    }
    return findings.length > 0
      ? findings
      : [{ check: 'processes', level: 'ok', what: 'No process was left behind.' }];
  } catch (error) {
    if (!isProcGuardError(error)) throw error;
    return [
      { check: 'processes', level: 'ok', what: `Processes cannot be examined here: ${error.message}.` },
    ];
  }
}

/** The three copies that the old logger kept, seen from the folders in which it may have run. */
export function examineOldFiles(folders: readonly string[]): Finding[] {
  const left = [...new Set(folders.flatMap((folder) => legacyFiles(folder)))].filter((path) =>
    existsSync(path),
  );
  if (left.length === 0)
    return [{ check: 'old-files', level: 'ok', what: 'No file of the old logger is left.' }];
  return [
    {
      check: 'old-files',
      level: 'warning',
      what: `The old logger has left ${left.join(', ')}.`,
      meaning: 'Their sessions are not in the diary, or something still writes them.',
      fix: 'diary import legacy --remove',
    },
  ];
}

export function examineDisk(databasePath: string): Finding[] {
  let folder = dirname(databasePath);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const what = `${(free / 1_000_000_000).toFixed(1)} GB are free for ${folder}.`;
  if (free >= LOW_BYTES) return [{ check: 'disk', level: 'ok', what }];
  return [
    {
      check: 'disk',
      level: free < FULL_BYTES ? 'problem' : 'warning',
      what,
      meaning: 'When the disk is full, nothing can be recorded.',
      fix: 'Make room, or move the data folder with ENDWELL_HOME.',
    },
  ];
}

/** Who answers on the server's port. */
export async function examinePort(host: string, port: number): Promise<Finding[]> {
  if (port === 0) return [{ check: 'port', level: 'ok', what: 'The server picks a free port.' }];
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/healthz`;
  const taken: Finding = {
    check: 'port',
    level: 'warning',
    what: `Another program listens on ${host} port ${port}.`,
    meaning: 'diary serve cannot start there.',
    fix: 'diary serve --port with another number, or DIARY_API_PORT',
  };
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PORT_TIMEOUT_MS) });
    await answer.body?.cancel();
    if (!answer.ok) return [taken];
    return [{ check: 'port', level: 'ok', what: `A server answers on ${host} port ${port}.` }];
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: unknown } };
    if (cause?.code === 'ECONNREFUSED')
      return [{ check: 'port', level: 'ok', what: `Port ${port} is free: diary serve is not running.` }];
    return [taken];
  }
}
