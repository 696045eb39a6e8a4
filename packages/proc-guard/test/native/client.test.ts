import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { formatIdentity } from '../../src/identity/process-identity.ts';
import { currentIdentity, readIdentity } from '../../src/identity/read-identity.ts';
import { commandLines } from '../support/command-lines.ts';
import { createProcessTracker } from '../support/process-tracker.ts';
import { helperPath, notRun, whyNot } from './support/native-helper.ts';
import { readOutput } from './support/run-command.ts';
import { testPrograms } from './support/test-programs.ts';

const own = formatIdentity(currentIdentity());

describe.skipIf(whyNot !== undefined)(`client${notRun}`, () => {
  const programs = testPrograms('ancestor');
  beforeAll(programs.compile);
  afterAll(programs.remove);

  test.each(commandLines)(
    '$name is a wrapper: $wrapper',
    async ({ args: [argv0 = '', ...args], wrapper }) => {
      await using tracker = createProcessTracker();
      const child = spawn(programs.path('ancestor'), args, {
        env: { ...tracker.env, ANCESTOR_RUNS: helperPath },
        argv0,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const between = formatIdentity(readIdentity(child.pid ?? 0) ?? currentIdentity());
      const output = readOutput(child);
      expect(await once(child, 'close')).toEqual([0, null]);
      expect(output.text()).toBe(wrapper ? `client ${own}\nwrapper ${between}\n` : `client ${between}\n`);
    },
  );

  test('several wrappers are told nearest first', async () => {
    await using tracker = createProcessTracker();
    const child = spawn('sh', ['-c', `env nice sh -c '"${helperPath}" client; :'; :`], {
      env: tracker.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const outer = formatIdentity(readIdentity(child.pid ?? 0) ?? currentIdentity());
    const output = readOutput(child);
    await once(child, 'close');
    const lines = output.text().trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(`client ${own}`);
    expect(lines[2]).toBe(`wrapper ${outer}`);
  });
});
