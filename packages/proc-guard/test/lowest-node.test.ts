import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { hasHelper } from './support/helper-modes.ts';
import { createProcessTracker } from './support/process-tracker.ts';

/** A Node of the lowest version in `engines`, for the built package: `npm install --prefix <folder> node@22.0.0`. */
const lowest = process.env['PROC_GUARD_LOWEST_NODE'];
const source = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const built = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const library = fileURLToPath(new URL('../dist/index.js', import.meta.url));

if (lowest === undefined) {
  console.log('The built package was not run on Node 22.0: PROC_GUARD_LOWEST_NODE names none.');
}

interface Runtime {
  readonly name: string;
  readonly node: string;
  readonly main: readonly string[];
}

const runtimes: readonly Runtime[] = [
  {
    name: 'a Node without process.execve',
    node: process.execPath,
    main: ['--import', 'data:text/javascript,delete process.execve', source],
  },
  ...(lowest === undefined ? [] : [{ name: 'the lowest Node', node: lowest, main: [built] }]),
];

describe.each(runtimes)('run on $name', ({ node, main }) => {
  const start = (env: NodeJS.ProcessEnv, ...args: string[]): ChildProcessByStdio<null, Readable, null> =>
    spawn(node, [...main, 'run', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });

  test.each(hasHelper ? ['native', 'off'] : ['off'])(
    'ends as the command does, helper %s',
    async (native) => {
      await using tracker = createProcessTracker(native === 'off' ? { PROC_GUARD_NATIVE: 'off' } : {});
      const code = start(tracker.env, '--', 'sh', '-c', 'echo out; exit 7');
      const [said, end] = await Promise.all([text(code.stdout), once(code, 'exit')]);
      expect({ said, end }).toEqual({ said: 'out\n', end: [7, null] });
      const signal = start(tracker.env, '--', 'sh', '-c', 'kill -TERM $$');
      expect(await once(signal, 'exit')).toEqual([null, 'SIGTERM']);
    },
  );

  test('TERM ends the whole tree', async () => {
    await using tracker = createProcessTracker();
    const child = start(
      tracker.env,
      '--grace-ms',
      '200',
      '--',
      'sh',
      '-c',
      'sleep 300 & setsid sleep 300 & echo ready; wait',
    );
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
    await tracker.untilNoneIsLeft();
  });

  test.skipIf(!hasHelper)('SIGKILL of it ends the whole tree', async () => {
    await using tracker = createProcessTracker();
    const child = start(
      tracker.env,
      '--grace-ms',
      '0',
      '--',
      'sh',
      '-c',
      'setsid sleep 300 & echo ready; wait',
    );
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await tracker.untilNoneIsLeft();
    expect(tracker.living()).toEqual([]);
  });
});

test.skipIf(lowest === undefined)(
  'the library guards, watches and ends in order on the lowest Node',
  async () => {
    await using tracker = createProcessTracker();
    expect(existsSync(library), 'build the package first').toBe(true);
    const program = `
    import { spawnGuarded, onParentExit, retry, createSupervisor } from '${library}';
    const guarded = spawnGuarded('sh', ['-c', 'sleep 300 & echo ready; wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => guarded.stdout.once('data', resolve));
    const watch = onParentExit(() => undefined);
    const said = [watch.describe().state, await retry(async () => 'tried'), await guarded.stop()];
    watch.close();
    console.log(JSON.stringify([process.versions.node.split('.')[0], ...said]));`;
    const child = spawn(lowest ?? '', ['--input-type=module', '-e', program], {
      env: tracker.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(JSON.parse(said)).toEqual(['22', 'watching', 'tried', { code: null, signal: 'SIGTERM' }]);
    await tracker.untilNoneIsLeft();
  },
);
