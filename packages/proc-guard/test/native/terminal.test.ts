import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createProcessTracker } from '../support/process-tracker.ts';
import { helperPath, notRun, whyNot } from './support/native-helper.ts';
import { runCommand } from './support/run-command.ts';
import { testPrograms } from './support/test-programs.ts';

const scenarios = [
  {
    name: 'Ctrl-C ends a program that does not handle it',
    signals: '',
    steps: ['expect=ready', 'send=\u0003', 'job'],
    seen: 'job: signalled 2\n',
  },
  {
    name: 'Ctrl-C reaches a program that handles it once, and it goes on',
    signals: 'i',
    steps: [
      'expect=ready',
      'send=\u0003',
      'expect=signal 2',
      'send=a\n',
      'expect=got a 1',
      'send=q\n',
      'job',
    ],
    seen: 'job: exited 7\n',
  },
  {
    name: 'Ctrl-\\ ends it by QUIT',
    signals: '',
    steps: ['expect=ready', 'send=\u001C', 'job'],
    seen: 'job: signalled 3\n',
  },
  {
    name: 'Ctrl-Z stops it, fg brings it back to the terminal',
    signals: '',
    steps: ['expect=ready', 'send=\u001A', 'job', 'fg', 'send=b\n', 'expect=got b 0', 'send=q\n', 'job'],
    seen: 'job: stopped 20\njob: exited 7\n',
  },
  {
    name: 'a job in the background stops when it reads from the terminal',
    signals: '',
    steps: [
      'expect=ready',
      'send=\u001A',
      'job',
      'bg',
      'send=c\n',
      'job',
      'fg',
      'expect=got c 0',
      'send=q\n',
      'job',
    ],
    seen: 'job: stopped 20\njob: stopped 21\njob: exited 7\n',
  },
  {
    name: 'Ctrl-Z, several times',
    signals: 'i',
    steps: [
      'expect=ready',
      ...Array.from({ length: 5 }, () => ['send=\u001A', 'job', 'fg', 'send=d\n', 'expect=got d 0']).flat(),
      'send=q\n',
      'job',
    ],
    seen: `${'job: stopped 20\n'.repeat(5)}job: exited 7\n`,
  },
  {
    name: 'a change of the size of the window arrives once',
    signals: 'w',
    steps: [
      'expect=ready',
      'size=33x77',
      'expect=size 33x77',
      'send=e\n',
      'expect=got e 1',
      'send=q\n',
      'job',
    ],
    seen: 'job: exited 7\n',
  },
  {
    name: 'the end of the terminal ends it',
    signals: '',
    steps: ['expect=ready', 'kill-shell'],
    seen: 'closed\n',
  },
  {
    name: 'the end of the terminal ends a stopped job',
    signals: '',
    steps: ['expect=ready', 'send=\u001A', 'job', 'kill-shell'],
    seen: 'job: stopped 20\nclosed\n',
  },
] as const;

const guards = [
  { guard: 'bare', command: [] },
  { guard: 'guarded', command: [helperPath, 'run', '--grace-ms', '100', '--'] },
  {
    guard: 'guarded in a namespace',
    command: [helperPath, 'run', '--contain', 'namespace', '--grace-ms', '100', '--'],
  },
] as const;

describe.skipIf(whyNot !== undefined)(`at a terminal${notRun}`, () => {
  const programs = testPrograms('terminal', 'interactive');
  beforeAll(programs.compile);
  afterAll(programs.remove);

  for (const { guard, command } of guards) {
    test.each(scenarios)(`${guard}: $name`, async ({ signals, steps, seen }) => {
      await using tracker = createProcessTracker();
      const job = [...command, programs.path('interactive'), signals];
      const result = await runCommand(programs.path('terminal'), [...steps, '--', ...job], {
        env: tracker.env,
      });
      expect(result).toMatchObject({ exitCode: 0, stdout: seen, stderr: '' });
      await tracker.untilNoneIsLeft();
    });
  }
});
