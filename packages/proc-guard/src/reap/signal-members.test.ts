import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { expect, onTestFinished, test } from 'vitest';

import { findHelper } from '../helper/find-helper.ts';
import { readProcessTable, type ProcessRecord } from '../process-table/read-process-table.ts';
import { signalMembers } from './signal-members.ts';

interface Sleeper {
  readonly child: ChildProcess;
  readonly record: ProcessRecord;
  /** The signal that ended it; listened for from the start, since it may come before the answer does. */
  readonly endedBy: Promise<NodeJS.Signals | null>;
}

async function startSleeper(): Promise<Sleeper> {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const endedBy = once(child, 'exit').then(([, signal]: unknown[]) => signal as NodeJS.Signals | null);
  await once(child, 'spawn');
  const record = readProcessTable().get(child.pid ?? 0);
  if (record === undefined) throw new Error('the child is not in the table');
  return { child, record, endedBy };
}

test.skipIf(findHelper().path === undefined)(
  'each outcome is about its own member, and a reused pid is never signalled',
  async () => {
    const one = await startSleeper();
    const other = await startSleeper();
    const earlier = { ...one.record, startTime: one.record.startTime - 1 };
    await expect(signalMembers([earlier, other.record], 'SIGKILL')).resolves.toEqual(['gone', 'sent']);
    expect(await other.endedBy).toBe('SIGKILL');
    expect(one.child.exitCode).toBeNull();
    await expect(signalMembers([one.record], 'SIGTERM')).resolves.toEqual(['sent']);
    expect(await one.endedBy).toBe('SIGTERM');
    await expect(signalMembers([], 'SIGKILL')).resolves.toEqual([]);
  },
);
