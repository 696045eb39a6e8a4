import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findHelper } from '../src/helper/find-helper.ts';
import { findClient, formatIdentity } from '../src/index.ts';
import { whyNot } from './native/support/native-helper.ts';
import { testPrograms } from './native/support/test-programs.ts';
import { commandLines } from './support/command-lines.ts';

const helper = findHelper().path ?? '';

describe.skipIf(whyNot !== undefined)('the native helper and the library agree', () => {
  const programs = testPrograms('ancestor');
  beforeAll(() => programs.compile());
  afterAll(() => programs.remove());

  test('about who started this process', async () => {
    const child = spawn(helper, ['client', '--pid', String(process.pid)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { client, wrappers } = findClient();
    expect((await text(child.stdout)).trim().split('\n')).toEqual([
      `client ${client === undefined ? '' : formatIdentity(client)}`,
      ...wrappers.map((wrapper) => `wrapper ${formatIdentity(wrapper)}`),
    ]);
  });

  test.each(commandLines)('about $name', async ({ args, wrapper }) => {
    const [argv0 = '', ...rest] = args;
    const ancestor = spawn(programs.path('ancestor'), rest, {
      argv0,
      env: { ANCESTOR_RUNS: helper },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = (await text(ancestor.stdout)).trim().split('\n');
    const role = lines.find((line) => line.split(':').at(-2) === String(ancestor.pid))?.split(' ')[0];
    expect(role).toBe(wrapper ? 'wrapper' : 'client');
  });
});
