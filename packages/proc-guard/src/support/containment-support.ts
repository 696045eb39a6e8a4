import { spawnSync } from 'node:child_process';

import { findHelper } from '../helper/find-helper.ts';

export type ContainmentLevel = 'tree' | 'namespace' | 'cgroup';

export interface ContainmentSupport {
  readonly available: boolean;
  /** Why it is not available. */
  readonly reason?: string;
}

const cached = new Map<ContainmentLevel, ContainmentSupport>();

/** Whether a containment can be had here, found by trying it once on `true`. */
export function containmentSupport(level: ContainmentLevel): ContainmentSupport {
  let support = cached.get(level);
  if (support === undefined) {
    support = tryContainment(level);
    cached.set(level, support);
  }
  return support;
}

function tryContainment(level: ContainmentLevel): ContainmentSupport {
  const helper = findHelper();
  if (helper.path === undefined) return { available: false, reason: helper.reason };
  const { status, stderr, error } = spawnSync(helper.path, ['run', '--contain', level, '--', 'true'], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 10_000,
    killSignal: 'SIGKILL',
  });
  if (status === 0) return { available: true };
  const said = (stderr ?? '').trim().split('\n').at(-1) ?? '';
  return {
    available: false,
    reason: said === '' ? (error?.message ?? `the helper ended with ${status}`) : said,
  };
}
