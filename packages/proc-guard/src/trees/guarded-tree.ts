import { formatGuardCookie, type GuardCookie } from '../cookie/guard-cookie.ts';
import { isAlive, type Liveness } from '../identity/is-alive.ts';
import type { ProcessIdentity } from '../identity/process-identity.ts';
import type { ProcessRecord, ProcessTable } from '../process-table/read-process-table.ts';

/**
 * `guarded`: owner and guard live. `ending`: the owner is dead, the guard is there. `orphaned`: both
 * are dead. `guard-lost`: the owner lives, and nobody guards. `unknown`: the owner cannot be looked at.
 */
export type TreeState = 'guarded' | 'ending' | 'orphaned' | 'guard-lost' | 'unknown';

/** Everything that names the same nearest guard in its environment. */
export interface GuardedTree {
  /** The cookie, which names the tree. */
  readonly id: string;
  readonly owner: ProcessIdentity;
  readonly ownerState: Liveness;
  readonly guardPid: number;
  readonly state: TreeState;
  /** The guard first, where it lives; then by start. */
  readonly members: readonly ProcessRecord[];
}

export interface FindGuardedTreesOptions {
  /** @defaultValue isAlive */
  readonly liveness?: (owner: ProcessIdentity) => Liveness;
}

/** Finds guarded trees by the cookies in `/proc`, with no state of our own: also after everything that watched them has died. */
export function findGuardedTrees(
  table: ProcessTable,
  options: FindGuardedTreesOptions = {},
): readonly GuardedTree[] {
  const groups = new Map<string, { cookie: GuardCookie; members: ProcessRecord[] }>();
  for (const record of table.values()) {
    const cookie = nearestCookie(record);
    if (cookie === undefined) continue;
    const id = formatGuardCookie(cookie);
    const group = groups.get(id) ?? { cookie, members: [] };
    group.members.push(record);
    groups.set(id, group);
  }
  return [...groups].map(([id, { cookie, members }]) =>
    treeOf(id, cookie, members, table, options.liveness ?? isAlive),
  );
}

/** A guard that is younger than what it guards did not start it: such a cookie was made up. */
function nearestCookie(record: ProcessRecord): GuardCookie | undefined {
  const cookie = record.cookies.at(-1);
  return cookie !== undefined && cookie.guardStartTime <= record.startTime ? cookie : undefined;
}

function treeOf(
  id: string,
  cookie: GuardCookie,
  members: readonly ProcessRecord[],
  table: ProcessTable,
  liveness: (owner: ProcessIdentity) => Liveness,
): GuardedTree {
  const ownerState = liveness(cookie.owner);
  const found = table.get(cookie.guardPid);
  const guard = found?.startTime === cookie.guardStartTime ? found : undefined;
  const byStart = members
    .filter(({ pid }) => pid !== guard?.pid)
    .toSorted((left, right) => left.startTime - right.startTime || left.pid - right.pid);
  return {
    id,
    owner: cookie.owner,
    ownerState,
    guardPid: cookie.guardPid,
    state: treeState(ownerState, guard !== undefined),
    members: guard === undefined ? byStart : [guard, ...byStart],
  };
}

function treeState(ownerState: Liveness, guardLives: boolean): TreeState {
  if (ownerState === 'unknown') return 'unknown';
  if (ownerState === 'alive') return guardLives ? 'guarded' : 'guard-lost';
  return guardLives ? 'ending' : 'orphaned';
}
