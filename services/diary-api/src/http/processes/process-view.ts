import {
  formatIdentity,
  processAgeMs,
  type GuardedTree,
  type ProcessRecord,
  type Suspect,
} from '@endwell/proc-guard';

import type { HideSecrets } from './hide-secrets.ts';
import type { ProcessView } from './process-schema.ts';

export function processView(record: ProcessRecord, hideSecrets: HideSecrets): ProcessView {
  const command = record.args.length > 0 ? record.args : [`[${record.name}]`];
  return {
    pid: record.pid,
    parentPid: record.parentPid,
    startTime: record.startTime,
    ageMs: Math.round(processAgeMs(record)),
    residentBytes: record.residentBytes,
    command: hideSecrets(command),
  };
}

export function treeView(
  tree: GuardedTree,
  hideSecrets: HideSecrets,
): {
  id: string;
  state: string;
  owner: string;
  ownerState: string;
  guardPid: number;
  members: ProcessView[];
} {
  return {
    id: tree.id,
    state: tree.state,
    owner: formatIdentity(tree.owner),
    ownerState: tree.ownerState,
    guardPid: tree.guardPid,
    members: tree.members.map((member) => processView(member, hideSecrets)),
  };
}

export function suspectView(
  suspect: Suspect,
  hideSecrets: HideSecrets,
): { process: ProcessView; reason: string; explanation: string; descendants: ProcessView[] } {
  return {
    process: processView(suspect.process, hideSecrets),
    reason: suspect.reason,
    explanation: suspect.explanation,
    descendants: suspect.descendants.map((each) => processView(each, hideSecrets)),
  };
}
