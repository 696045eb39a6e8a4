import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { commands } from '../src/cli/run-cli.ts';
import { runCommand } from './native/support/run-command.ts';
import { createProcessTracker } from './support/process-tracker.ts';

const built = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A real Node below 22 that this machine happens to have. */
const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((path) => existsSync(path) && majorOf(path) < 22);

function majorOf(node: string): number {
  const { stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return Number.parseInt(stdout ?? '', 10);
}

interface Runtime {
  readonly name: string;
  readonly node: string;
  readonly args: readonly string[];
}

const claimed = "Object.defineProperty(process.versions, 'node', { value: '20.1.0' })";
const runtimes: readonly Runtime[] = [
  {
    name: 'a Node that says it is 20.1.0',
    node: process.execPath,
    args: ['--import', `data:text/javascript,${encodeURIComponent(claimed)}`],
  },
  ...(oldNode === undefined ? [] : [{ name: `the ${oldNode} of this machine`, node: oldNode, args: [] }]),
];
if (oldNode === undefined) console.log('NOT RUN on a real Node below 22: there is none on PATH.');

test('the package is built', () => expect(existsSync(built)).toBe(true));

describe.each(runtimes)('on $name', ({ node, args }) => {
  const lines: readonly (readonly string[])[] = [
    [],
    ['--help'],
    ...commands.flatMap(({ name }) => [[name], [name, '--help'], [name, '--', 'true']]),
  ];
  test.each(lines.map((line) => [line.join(' '), line] as const))(
    'proc-guard %s says in one sentence which Node it needs',
    async (_title, line) => {
      await using tracker = createProcessTracker({ PROC_GUARD_NATIVE: 'off' });
      const result = await runCommand(node, [...args, built, ...line], { env: tracker.env });
      expect(result).toMatchObject({
        exitCode: ['run', 'exec', 'detach'].includes(line[0] ?? '') ? 125 : 1,
        stdout: '',
        stderr: expect.stringMatching(
          /^proc-guard: Node\.js 22 or newer is needed for this, and this is \d+\.\d+\.\d+\.\n$/,
        ),
      });
    },
  );
});
