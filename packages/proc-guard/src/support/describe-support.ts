import { findHelper } from '../helper/find-helper.ts';
import { systemReader } from '../identity/process-reader.ts';
import { containmentSupport, type ContainmentSupport } from './containment-support.ts';

export interface SupportDescription {
  readonly platform: string;
  readonly node: string;
  /** The native helper; with a reason where there is none. */
  readonly helper: { readonly path: string | undefined; readonly reason?: string };
  readonly layers: {
    /** What guards a tree. */
    readonly guard: 'native' | 'fallback';
    /** Whether the kernel tells of any process's end. */
    readonly watcher: 'native' | 'none';
    /** Whether a process can be told from another one that has got its pid. */
    readonly identity: 'exact' | 'to the second' | 'own process only';
  };
  readonly containment: {
    readonly tree: ContainmentSupport;
    readonly namespace: ContainmentSupport;
    readonly cgroup: ContainmentSupport;
  };
  /** What is weaker here than it could be, in sentences; empty on a complete Linux. */
  readonly gaps: readonly string[];
}

/** What works on this machine; the same that `proc-guard doctor` prints. */
export function describeSupport(): SupportDescription {
  const helper = findHelper();
  const native = helper.path !== undefined;
  const gaps: string[] = [];
  if (!native) {
    gaps.push(
      `trees are guarded by a Node program, which is weaker when it is killed itself: ${helper.reason}`,
    );
    gaps.push('the end of a parent is noticed by the IPC channel and stdin only');
    gaps.push('reap compares the start time and then signals the pid, which could change hands in between');
  }
  if (!systemReader().isOurs)
    gaps.push('/proc belongs to another pid namespace, so processes cannot be identified');
  return {
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    helper: native ? { path: helper.path } : { path: undefined, reason: helper.reason },
    layers: {
      guard: native ? 'native' : 'fallback',
      watcher: native ? 'native' : 'none',
      identity: identityPrecision(),
    },
    containment: {
      tree: containmentSupport('tree'),
      namespace: containmentSupport('namespace'),
      cgroup: containmentSupport('cgroup'),
    },
    gaps,
  };
}

function identityPrecision(): SupportDescription['layers']['identity'] {
  if (process.platform === 'linux') return 'exact';
  return process.platform === 'win32' ? 'own process only' : 'to the second';
}
