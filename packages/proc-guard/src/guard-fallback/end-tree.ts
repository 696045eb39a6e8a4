import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

import type { GuardCookie } from '../cookie/guard-cookie.ts';
import { errnoCode } from '../errors/errno-code.ts';
import { systemReader } from '../identity/process-reader.ts';
import { readProcessTable, type ProcessRecord } from '../process-table/read-process-table.ts';

export interface TreeToEnd {
  readonly rootPid: number | undefined;
  readonly ownGroup: boolean;
  readonly cookie: GuardCookie;
  readonly graceMs: number;
}

const lookAgainMs = 20;
const maxKillRounds = 250;

/** TERM to the tree, `graceMs` to end, then KILL until nothing is left. */
export async function endTree(tree: TreeToEnd): Promise<void> {
  if (process.platform !== 'linux') return endGroup(tree);
  signalAll(membersOf(tree), 'SIGTERM');
  const until = performance.now() + tree.graceMs;
  // The members are not our children, so nothing tells of their end; this look is bounded by the grace.
  while (performance.now() < until) {
    if (membersOf(tree).length === 0) return;
    await wait(lookAgainMs);
  }
  for (let round = 0; round < maxKillRounds; round += 1) {
    const members = membersOf(tree);
    if (members.length === 0) return;
    signalAll(members, 'SIGKILL');
    await wait(Math.min(lookAgainMs, round));
  }
}

/** By descent, by process group and by cookie, so that a daemon and a `setsid` are found too. */
function membersOf({ rootPid, ownGroup, cookie }: TreeToEnd): readonly ProcessRecord[] {
  const table = readProcessTable();
  const parents = new Set<number>([process.pid]);
  const members = new Map<number, ProcessRecord>();
  for (let grown = true; grown;) {
    grown = false;
    for (const record of table.values()) {
      if (members.has(record.pid) || record.pid === process.pid) continue;
      if (record.detached && !carries(record, cookie)) continue;
      if (
        !parents.has(record.parentPid) &&
        !(ownGroup && record.processGroup === rootPid) &&
        !carries(record, cookie)
      )
        continue;
      members.set(record.pid, record);
      parents.add(record.pid);
      grown = true;
    }
  }
  return [...members.values()];
}

function carries(record: ProcessRecord, cookie: GuardCookie): boolean {
  return record.cookies.some(
    ({ guardPid, guardStartTime, owner }) =>
      guardPid === cookie.guardPid &&
      guardStartTime === cookie.guardStartTime &&
      owner.bootId === cookie.owner.bootId &&
      owner.pidNamespace === cookie.owner.pidNamespace,
  );
}

function signalAll(members: readonly ProcessRecord[], signal: NodeJS.Signals): void {
  for (const { pid, startTime } of members) {
    // Somebody else may have the pid by now.
    if (systemReader().stat(pid)?.startTime === startTime) sendSignal(pid, signal);
  }
}

async function endGroup({ rootPid, ownGroup, graceMs }: TreeToEnd): Promise<void> {
  if (rootPid === undefined) return;
  if (process.platform === 'win32') {
    await new Promise<void>((resolve) => {
      execFile('taskkill', ['/T', '/F', '/PID', String(rootPid)], () => resolve());
    });
    return;
  }
  const target = ownGroup ? -rootPid : rootPid;
  sendSignal(target, 'SIGTERM');
  const until = performance.now() + graceMs;
  while (performance.now() < until && isThere(target)) await wait(lookAgainMs);
  sendSignal(target, 'SIGKILL');
}

function isThere(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    return errnoCode(error) === 'EPERM';
  }
}

function sendSignal(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    // It has ended, or changed its user: neither can be mended from here.
    if (errnoCode(error) !== 'ESRCH' && errnoCode(error) !== 'EPERM') throw error;
  }
}
