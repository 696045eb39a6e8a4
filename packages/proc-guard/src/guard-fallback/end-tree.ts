import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

import type { GuardCookie } from '../cookie/guard-cookie.ts';
import { errnoCode } from '../errors/errno-code.ts';
import { readProcessTable, type ProcessRecord } from '../process-table/read-process-table.ts';
import { endMembers } from '../trees/end-members.ts';

export interface TreeToEnd {
  readonly rootPid: number | undefined;
  readonly ownGroup: boolean;
  readonly cookie: GuardCookie;
  readonly graceMs: number;
}

const lookAgainMs = 20;

/** TERM to the tree, `graceMs` to end, then KILL until nothing is left. */
export async function endTree(tree: TreeToEnd): Promise<void> {
  if (process.platform === 'linux') await endMembers(() => membersOf(tree), tree.graceMs);
  else await endGroup(tree);
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
