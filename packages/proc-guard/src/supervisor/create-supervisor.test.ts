import { expect, test } from 'vitest';

import { createSpawnGovernor, SpawnRefusedError } from '../governor/spawn-governor.ts';
import { spawnGuarded } from '../spawn/spawn-guarded.ts';
import { createSupervisor } from './create-supervisor.ts';
import type { SupervisorEvent } from './supervisor.ts';

const run = (script: string) => (): ReturnType<typeof spawnGuarded> =>
  spawnGuarded('sh', ['-c', script], { stdio: 'ignore', graceMs: 100 });
const fast = { initialDelayMs: 1, maxDelayMs: 5 };

test('a child that keeps crashing is restarted so many times, each counted, and then given up', async () => {
  const events: SupervisorEvent[] = [];
  const supervisor = createSupervisor({
    start: run('exit 3'),
    maxRestarts: 4,
    backoff: fast,
    onEvent: (event) => events.push(event),
  });
  supervisor.start();
  expect(await supervisor.ended).toBe('gave-up');
  expect(supervisor.restarts).toBe(4);
  expect(events.filter(({ type }) => type === 'child:started')).toHaveLength(5);
  expect(events.at(-1)).toEqual({
    type: 'supervisor:gave-up',
    restarts: 4,
    lastExit: { code: 3, signal: null },
  });
  await supervisor.stop();
  expect(supervisor.state).toBe('gave-up');
});

test('an exit with 0 is the end of the work, unless it is to run always', async () => {
  const once = createSupervisor({ start: run('exit 0'), backoff: fast });
  once.start();
  expect(await once.ended).toBe('finished');
  expect(once.restarts).toBe(0);

  const always = createSupervisor({
    start: run('exit 0'),
    restartOn: 'always',
    maxRestarts: 2,
    backoff: fast,
  });
  always.start();
  expect(await always.ended).toBe('gave-up');
  expect(always.restarts).toBe(2);
});

test('restarts that are further apart than the window do not add up', async () => {
  const supervisor = createSupervisor({
    start: run('sleep 0.05; exit 1'),
    maxRestarts: 1,
    windowMs: 1,
    healthyMs: 1,
    backoff: { initialDelayMs: 5, maxDelayMs: 5, jitter: 'none' },
  });
  const fourth = Promise.withResolvers<void>();
  const watching = setInterval(() => {
    if (supervisor.restarts >= 4) fourth.resolve();
  }, 5);
  supervisor.start();
  await fourth.promise;
  clearInterval(watching);
  expect(supervisor.state).not.toBe('gave-up');
  await supervisor.stop();
  expect(await supervisor.ended).toBe('stopped');
});

test('the back-off grows with each crash and starts again after a healthy run', async () => {
  const delays: number[] = [];
  let run = 0;
  const supervisor = createSupervisor({
    start: () => {
      run += 1;
      return spawnGuarded('sh', ['-c', run === 3 ? 'sleep 0.5; exit 1' : 'exit 1'], { stdio: 'ignore' });
    },
    maxRestarts: 4,
    healthyMs: 400,
    backoff: { initialDelayMs: 2, maxDelayMs: 100, factor: 2, jitter: 'none' },
    onEvent: (event) => {
      if (event.type === 'restart:scheduled') delays.push(event.delayMs);
    },
  });
  supervisor.start();
  await supervisor.ended;
  expect(delays).toEqual([2, 4, 2, 4]);
});

test('stop ends a running child and a pending restart, and is the same for every call', async () => {
  const started = Promise.withResolvers<void>();
  const running = createSupervisor({
    start: run('sleep 300'),
    onEvent: ({ type }) => type === 'child:started' && started.resolve(),
  });
  running.start();
  await started.promise;
  const { child } = running;
  await Promise.all([running.stop(), running.stop()]);
  expect(await child?.exited).toEqual({ code: null, signal: 'SIGTERM' });
  expect(running.state).toBe('stopped');

  const scheduled = Promise.withResolvers<void>();
  const waiting = createSupervisor({
    start: run('exit 1'),
    backoff: { initialDelayMs: 60_000, maxDelayMs: 60_000, jitter: 'none' },
    onEvent: ({ type }) => type === 'restart:scheduled' && scheduled.resolve(),
  });
  waiting.start();
  await scheduled.promise;
  expect(waiting.state).toBe('backing-off');
  await waiting.stop();
  expect(await waiting.ended).toBe('stopped');
});

test('a governor brakes a supervisor too, and the refusals count as failed starts', async () => {
  const governor = createSpawnGovernor({ maxActive: 10, maxPerSecond: 0.001, burst: 2 });
  const ends: unknown[] = [];
  const supervisor = createSupervisor({
    start: () => spawnGuarded('false', [], { stdio: 'ignore', governor }),
    maxRestarts: 5,
    backoff: fast,
    onEvent: (event) => {
      if (event.type === 'child:exited')
        ends.push('error' in event.exit ? event.exit.error : event.exit.code);
    },
  });
  supervisor.start();
  expect(await supervisor.ended).toBe('gave-up');
  expect(governor).toMatchObject({ started: 2, refused: 4, active: 0 });
  expect(ends.slice(0, 2)).toEqual([1, 1]);
  expect(ends.slice(2).every((end) => end instanceof SpawnRefusedError)).toBe(true);
});
