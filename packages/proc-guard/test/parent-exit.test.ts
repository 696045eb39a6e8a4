import { describe, expect, test } from 'vitest';

import type { ParentExitDescription } from '../src/index.ts';
import { hasHelper } from './support/helper-modes.ts';
import { createProcessTracker, type ProcessTracker } from './support/process-tracker.ts';
import { programPath, startProgram, type StartedProgram } from './support/start-program.ts';

const node = process.execPath;
const program = programPath('tied-program');

/** parent-of-program → [wrappers →] tied-program; the lines are those of the last. */
function startTied(tracker: ProcessTracker, stdin: string, command: readonly string[]): StartedProgram {
  return startProgram('parent-of-program', [stdin, ...command], { env: tracker.env });
}

const shellWith = (...args: string[]): string[] => [
  'sh',
  '-c',
  `'${node}' '${program}' ${args.map((arg) => `'${arg}'`).join(' ')}; exit $?`,
];

function pidOf(tracker: ProcessTracker, text: string): number {
  const found = tracker.living().find(({ commandLine }) => commandLine.startsWith(text));
  if (found === undefined) throw new Error(`${text} does not run`);
  return found.pid;
}

describe.skipIf(!hasHelper)('with the native watcher', () => {
  test('the client’s end is heard behind a shell, and everything watched is described', async () => {
    await using tracker = createProcessTracker();
    const parent = startTied(tracker, 'ignore', shellWith('onParentExit'));
    const description = (await parent.nextLine()) as ParentExitDescription;
    expect(description).toMatchObject({ state: 'watching', gaps: [], ipc: false, stdin: false });
    expect(description.ancestors.map(({ role, watch }) => [role, watch.layer])).toEqual([
      ['wrapper', 'native'],
      ['client', 'native'],
    ]);
    expect(description.ancestors[1]?.identity.pid).toBe(parent.pid);
    parent.child.kill('SIGKILL');
    expect(await parent.nextLine()).toMatchObject({ layer: 'native', role: 'client' });
    await tracker.untilNoneIsLeft();
  });

  test('a wrapper’s end is enough', async () => {
    await using tracker = createProcessTracker();
    const parent = startTied(tracker, 'ignore', shellWith('onParentExit'));
    await parent.nextLine();
    process.kill(pidOf(tracker, 'sh -c'), 'SIGKILL');
    expect(await parent.nextLine()).toMatchObject({ layer: 'native', role: 'wrapper' });
  });

  test('with wrappers only, the client may end', async () => {
    await using tracker = createProcessTracker();
    const parent = startTied(tracker, 'ignore', shellWith('onParentExit', '{"watch":"wrappers"}'));
    const description = (await parent.nextLine()) as ParentExitDescription;
    expect(description.ancestors.map(({ role }) => role)).toEqual(['wrapper']);
    parent.child.kill('SIGKILL');
    await parent.exited;
    process.kill(pidOf(tracker, 'sh -c'), 'SIGKILL');
    expect(await parent.nextLine()).toMatchObject({ layer: 'native', role: 'wrapper' });
    await tracker.untilNoneIsLeft();
  });

  test('it is heard in a Worker', async () => {
    await using tracker = createProcessTracker();
    const parent = startTied(tracker, 'ignore', [node, program, 'worker', '{"stdin":true}']);
    const description = (await parent.nextLine()) as ParentExitDescription;
    expect(description.gaps).toEqual(['stdin is watched on the main thread only']);
    parent.child.kill('SIGKILL');
    expect(await parent.nextLine()).toMatchObject({ layer: 'native', role: 'client' });
    await tracker.untilNoneIsLeft();
  });

  test('a parent that disconnects and lives on has not ended', async () => {
    await using tracker = createProcessTracker();
    const parent = startTied(tracker, 'ipc', [node, program, 'onParentExit']);
    expect(await parent.nextLine()).toMatchObject({ ipc: true, gaps: [] });
    parent.child.stdin?.write('disconnect\n');
    // The next line is about the kill that follows, and not about the channel.
    setTimeout(() => parent.child.kill('SIGKILL'), 200);
    expect(await parent.nextLine()).toMatchObject({ layer: 'native', role: 'client' });
    await tracker.untilNoneIsLeft();
  });

  test.each([
    ['the parent’s end', 'kill', 'parent-exit'],
    ['the end of stdin', 'end stdin', 'stdin-end'],
    ['a signal', 'signal', 'signal'],
  ])('tieToParent tells %s apart', async (_name, order, kind) => {
    await using tracker = createProcessTracker();
    // Here the shell holds the program's stdin open, so that only the watcher can tell of a kill.
    const command = order === 'kill' ? shellWith('tieToParent') : [node, program, 'tieToParent'];
    const parent = startTied(tracker, order === 'kill' ? 'ignore' : 'pipe', command);
    await parent.nextLine();
    if (order === 'kill') parent.child.kill('SIGKILL');
    else parent.child.stdin?.write(`${order}\n`);
    expect(await parent.nextLine()).toBe(kind);
  });
});

describe('without the helper', () => {
  test('the IPC channel stands in, and the gap is named', async () => {
    await using tracker = createProcessTracker({ PROC_GUARD_NATIVE: 'off' });
    const parent = startTied(tracker, 'ipc', [node, program, 'onParentExit']);
    const description = (await parent.nextLine()) as ParentExitDescription;
    expect(description.ipc).toBe(true);
    expect(description.gaps).toEqual([
      `the client ${parent.pid} is not watched: switched off by PROC_GUARD_NATIVE=off`,
    ]);
    parent.child.kill('SIGKILL');
    expect(await parent.nextLine()).toEqual({ layer: 'ipc' });
    await tracker.untilNoneIsLeft();
  });

  test('the end of stdin stands in for a stdio server', async () => {
    await using tracker = createProcessTracker({ PROC_GUARD_NATIVE: 'off' });
    const parent = startTied(tracker, 'pipe', [node, program, 'tieToParent']);
    await parent.nextLine();
    parent.child.kill('SIGKILL');
    expect(await parent.nextLine()).toBe('stdin-end');
    await tracker.untilNoneIsLeft();
  });
});

test('watching keeps a forked program alive no longer than it wants', async () => {
  await using tracker = createProcessTracker();
  const parent = startTied(tracker, 'ipc', [
    node,
    '--input-type=module',
    '-e',
    `import { onParentExit } from '${new URL('../src/index.ts', import.meta.url).href}';
     onParentExit(() => undefined);
     process.once('exit', () => console.log(JSON.stringify('ended by itself')));`,
  ]);
  expect(await parent.nextLine()).toBe('ended by itself');
});
