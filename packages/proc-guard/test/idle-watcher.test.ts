import { expect, test } from 'vitest';

import { hasHelper } from './support/helper-modes.ts';
import { readIdleStatus, untilAtRest } from './support/idle-status.ts';
import { createProcessTracker } from './support/process-tracker.ts';
import { programPath, startProgram } from './support/start-program.ts';

const idleMs = 5_000;

test.skipIf(!hasHelper)(
  'the watcher of onParentExit holds at most 1 MiB and does not wake up while idle',
  async () => {
    await using tracker = createProcessTracker();
    const program = [process.execPath, programPath('tied-program'), 'onParentExit'];
    const parent = startProgram('parent-of-program', ['ignore', ...program], { env: tracker.env });
    expect(await parent.nextLine()).toMatchObject({ state: 'watching', gaps: [] });
    const watchers = tracker
      .living()
      .filter(({ commandLine }) => commandLine.endsWith('proc-guard-native watch'));
    expect(watchers).toHaveLength(1);
    const pid = watchers[0]?.pid ?? 0;
    await untilAtRest([pid]);
    const before = readIdleStatus(pid);
    await new Promise((resolve) => setTimeout(resolve, idleMs));
    const after = readIdleStatus(pid);
    console.log(
      `watcher: ${after.residentKibibytes} KiB resident, ${after.switches - before.switches} context switches in ${idleMs} ms`,
    );
    expect(after.switches).toBe(before.switches);
    expect(after.residentKibibytes).toBeGreaterThan(0);
    expect(after.residentKibibytes).toBeLessThanOrEqual(1_024);
  },
);
