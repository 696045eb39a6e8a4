import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { findHelper } from '../helper/find-helper.ts';
import { formatIdentity } from '../identity/process-identity.ts';
import { systemReader } from '../identity/process-reader.ts';
import type { ProcessRecord } from '../process-table/read-process-table.ts';
import { signalProcess, type SignalOutcome } from '../trees/end-members.ts';

/** What the helper takes at once. */
const batchSize = 1_024;
const helperTimeoutMs = 10_000;
const outcomeOf: Readonly<Record<string, SignalOutcome>> = {
  sent: 'sent',
  gone: 'gone',
  denied: 'refused',
  error: 'refused',
};

/**
 * Signals each of these very processes: through a pidfd where the native helper is there. Without it the start time
 * is compared immediately before the signal, which leaves a moment in which the pid could become another's.
 *
 * @throws ProcGuardError `UNSUPPORTED` when the helper is there and cannot do it.
 */
export async function signalMembers(
  members: readonly ProcessRecord[],
  signal: NodeJS.Signals,
): Promise<readonly SignalOutcome[]> {
  const helper = findHelper();
  if (helper.path === undefined) return members.map((member) => signalProcess(member, signal));
  const outcomes: SignalOutcome[] = [];
  for (let at = 0; at < members.length; at += batchSize) {
    outcomes.push(...(await signalBatch(helper.path, members.slice(at, at + batchSize), signal)));
  }
  return outcomes;
}

async function signalBatch(
  helper: string,
  members: readonly ProcessRecord[],
  signal: NodeJS.Signals,
): Promise<readonly SignalOutcome[]> {
  const identities = members.map(identityText);
  const lines = (await runHelper(helper, ['signal', signal, ...identities])).trimEnd().split('\n');
  return identities.map((identity, index) => {
    const line = lines[index] ?? '';
    const outcome = outcomeOf[line.slice(0, line.indexOf(' '))];
    if (outcome === undefined || !line.endsWith(identity)) {
      throw new ProcGuardError('UNSUPPORTED', `the native helper answered "${line}" about ${identity}`);
    }
    return outcome;
  });
}

async function runHelper(helper: string, args: readonly string[]): Promise<string> {
  try {
    const options = { timeout: helperTimeoutMs, killSignal: 'SIGKILL', maxBuffer: 1 << 20 } as const;
    return (await promisify(execFile)(helper, args, options)).stdout;
  } catch (error) {
    throw new ProcGuardError('UNSUPPORTED', `the native helper could not signal: ${helper}`, {
      cause: error,
    });
  }
}

function identityText({ pid, startTime }: ProcessRecord): string {
  const reader = systemReader();
  return formatIdentity({ bootId: reader.bootId, pidNamespace: reader.pidNamespace(pid), pid, startTime });
}
