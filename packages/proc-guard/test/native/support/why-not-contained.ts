import { spawnSync } from 'node:child_process';

import { helperPath, whyNot } from './native-helper.ts';

export type Containment = 'tree' | 'namespace' | 'cgroup';

/** What this machine allows is found out by asking for it: a refusal is one sentence and 125. */
export function whyNotContained(containment: Containment): string | undefined {
  if (whyNot !== undefined) return whyNot;
  const probe = spawnSync(helperPath, ['run', '--contain', containment, '--', 'true'], { encoding: 'utf8' });
  return probe.status === 0 ? undefined : probe.stderr.trim();
}

/** For the title of a suite: says plainly when it is not run. */
export function notContained(containment: Containment): string {
  const reason = whyNotContained(containment);
  return reason === undefined ? '' : ` (NOT RUN: ${reason})`;
}
