import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { isAlive, type ProcessIdentity, readIdentity } from '@endwell/proc-guard';
import { expect, onTestFinished, test } from 'vitest';
import { type TestDiary, testDiary } from '../support/test-diary.ts';

interface Reaped {
  readonly done: boolean;
  readonly planId: string;
  readonly items: readonly {
    readonly kind: string;
    readonly members: readonly { readonly pid: number; readonly command: readonly string[] }[];
    readonly left: readonly number[];
  }[];
  readonly refused: readonly { readonly pid: number }[];
}

/** A server on stdio whose client has been killed: nobody can talk to it any more. */
async function leaveBehind(): Promise<ProcessIdentity> {
  const server = `setInterval(() => {}, 1000)`;
  const client = spawn(
    process.execPath,
    [
      '-e',
      `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(server)}, 'left-behind', '--password', 'hunter2-of-the-test'], { stdio: ['pipe', 'pipe', 'ignore'] });
       child.on('spawn', () => console.log(child.pid));`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(client.stdout, 'data')) as [Buffer];
  const identity = readIdentity(Number(line.toString()));
  if (identity === undefined) throw new Error('the server ended at once');
  onTestFinished(() => {
    if (isAlive(identity) === 'alive') process.kill(identity.pid, 'SIGKILL');
  });
  const ended = once(client, 'exit');
  client.kill('SIGKILL');
  await ended;
  return identity;
}

async function reap(diary: TestDiary, payload: object): Promise<Reaped> {
  const response = await diary.app.inject({ method: 'POST', url: '/api/v1/processes/reap', payload });
  expect(response.statusCode, response.body).toBe(200);
  return response.json<Reaped>();
}

test('a suspect is shown, previewed, and ended only by its plan', async () => {
  const diary = await testDiary();
  const { pid, ...rest } = await leaveBehind();
  await expect
    .poll(
      async () =>
        (await diary.app.inject('/api/v1/processes'))
          .json<{ suspects: { process: { pid: number } }[] }>()
          .suspects.map((suspect) => suspect.process.pid),
      {
        timeout: 60_000,
        interval: 250,
      },
    )
    .toContain(pid);

  const preview = await reap(diary, { pids: [pid] });
  const item = preview.items.find(({ members }) => members.some((member) => member.pid === pid));
  expect(item).toMatchObject({ kind: 'suspect', left: [] });
  expect(item?.members.find((member) => member.pid === pid)?.command).toContain('left-behind');
  expect(JSON.stringify(preview)).not.toContain('hunter2');
  expect(preview.done).toBe(false);
  expect(isAlive({ pid, ...rest })).toBe('alive');

  const wrong = await diary.app.inject({
    method: 'POST',
    url: '/api/v1/processes/reap',
    payload: { pids: [pid], confirm: `${preview.planId}x` },
  });
  expect(wrong.json()).toMatchObject({ code: 'PLAN_CHANGED' });
  expect(isAlive({ pid, ...rest })).toBe('alive');

  expect(preview.items).toHaveLength(1);
  const done = await reap(diary, { pids: [pid], confirm: preview.planId, graceMs: 500 });
  expect(done).toMatchObject({ done: true, items: [{ left: [] }] });
  expect(isAlive({ pid, ...rest })).toBe('dead');
});

test('what is neither guarded nor a suspect is refused', async () => {
  const diary = await testDiary();
  const { items, refused } = await reap(diary, { pids: [process.pid] });
  expect(items).toEqual([]);
  expect(refused).toMatchObject([{ pid: process.pid }]);
});
