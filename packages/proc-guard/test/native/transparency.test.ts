import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readIdleStatus, untilAtRest } from '../support/idle-status.ts';
import { createProcessTracker } from '../support/process-tracker.ts';
import { helperPath, notRun, whyNot } from './support/native-helper.ts';
import { readOutput, runCommand } from './support/run-command.ts';
import { testPrograms } from './support/test-programs.ts';
import { trialCount } from './support/trials.ts';
import { notContained, whyNotContained } from './support/why-not-contained.ts';

const mebibyte = 2 ** 20;

/** Bytes that differ everywhere, so that a lost, doubled or moved block is seen. */
async function* numberedBlocks(bytes: number, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  const block = Buffer.alloc(mebibyte);
  for (let at = 0; at < block.length; at += 8) block.writeBigUInt64LE(BigInt(at) * 0x9e37_79b9n, at);
  for (let sent = 0; sent < bytes; sent += block.length) {
    const next = Buffer.from(block);
    next.writeBigUInt64LE(BigInt(sent), 0);
    hash.update(next);
    yield next;
  }
}

describe.skipIf(whyNot !== undefined)(`transparency${notRun}`, () => {
  const programs = testPrograms('client', 'interactive');
  beforeAll(programs.compile);
  afterAll(programs.remove);

  describe.each(['tree', 'namespace', 'cgroup'] as const)('contain %s', (containment) => {
    test.skipIf(whyNotContained(containment) !== undefined)(
      `the guard holds nothing that it was given${notContained(containment)}`,
      async () => {
        await using tracker = createProcessTracker();
        const child = spawn(helperPath, ['run', '--contain', containment, programs.path('interactive')], {
          env: tracker.env,
          cwd: programs.path(''),
          stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
        });
        const given = (pid: number): readonly string[] =>
          readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
        await readOutput(child).until(/ready/);
        const own = tracker.living().filter(({ commandLine }) => commandLine.startsWith(helperPath));
        const [command] = tracker
          .living()
          .filter(({ commandLine }) => commandLine.startsWith(programs.path('')));
        const inherited = new Set(
          given(command?.pid ?? 0).filter((target) => !target.startsWith('anon_inode')),
        );
        expect(inherited.size).toBeGreaterThanOrEqual(5);
        for (const { pid } of own) {
          // It lets go as soon as it has seen that the command runs.
          while (readlinkSync(`/proc/${pid}/cwd`) !== '/') await delay(5);
          expect(given(pid).filter((target) => inherited.has(target))).toEqual([]);
        }
        child.stdin?.end();
        await once(child, 'close');
      },
    );
  });

  test('descriptors above 2 arrive', async () => {
    await using tracker = createProcessTracker();
    const child = spawn(helperPath, ['run', '--', 'sh', '-c', 'read word <&3; echo "got $word" >&7'], {
      env: tracker.env,
      stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'ignore', 'ignore', 'ignore', 'pipe'],
    });
    const stdio: readonly unknown[] = child.stdio;
    (stdio[3] as Writable).end('hello\n');
    expect(await text(stdio[7] as Readable)).toBe('got hello\n');
  });

  const bytes = (trialCount(1) >= 2000 ? 1024 : 64) * mebibyte;
  test(`${bytes / mebibyte} MiB through it are the same bytes`, async () => {
    await using tracker = createProcessTracker();
    const child = spawn(helperPath, ['run', 'cat'], { env: tracker.env, stdio: ['pipe', 'pipe', 'inherit'] });
    const sent = createHash('sha1');
    const received = createHash('sha1');
    await Promise.all([
      pipeline(Readable.from(numberedBlocks(bytes, sent)), child.stdin),
      pipeline(child.stdout, received),
    ]);
    expect(received.digest('hex')).toBe(sent.digest('hex'));
  }, 300_000);

  test('a broken pipe is silent, also where SIGPIPE was ignored', async () => {
    await using tracker = createProcessTracker();
    const { env } = tracker;
    for (const script of ['"$0" run -- sh -c "yes | head -1"', '"$0" run yes | head -1']) {
      const args = ['--ignore-pipe', 'sh', '-c', script, helperPath];
      const { exitCode, stdout, stderr } = await runCommand(programs.path('client'), args, { env });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/^y$/m);
    }
  });

  test('with a huge environment and many arguments the command sees all of it', async () => {
    await using tracker = createProcessTracker();
    const extra = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`VARIABLE_${i}`, 'x'.repeat(2_000)]),
    );
    const args = [
      'run',
      '--',
      'sh',
      '-c',
      'echo $# $(env | grep -c ^VARIABLE_)',
      ...Array.from({ length: 5_001 }, String),
    ];
    const { stdout } = await runCommand(helperPath, args, { env: { ...tracker.env, ...extra } });
    expect(stdout).toBe('5000 500\n');
  });

  test('idle, the guard, its helpers and the watcher sleep and are small', async () => {
    await using tracker = createProcessTracker();
    const started = await Promise.all(
      ['tree', 'auto'].map(async (containment) => {
        const child = spawn(helperPath, ['run', '--contain', containment, programs.path('interactive')], {
          env: tracker.env,
          stdio: ['pipe', 'pipe', 'inherit'],
        });
        await readOutput(child).until(/ready/);
        return child;
      }),
    );
    const watcher = spawn(helperPath, ['watch'], { env: tracker.env, stdio: ['pipe', 'pipe', 'inherit'] });
    await readOutput(watcher).until(/ready/);
    const own = tracker.living().filter(({ commandLine }) => commandLine.startsWith(helperPath));
    expect(own.length).toBeGreaterThanOrEqual(3);
    for (const { pid } of own) while (readlinkSync(`/proc/${pid}/cwd`) !== '/') await delay(5);
    await untilAtRest(own.map(({ pid }) => pid));
    const before = own.map(({ pid }) => readIdleStatus(pid));
    await delay(5_000);
    const after = own.map(({ pid }) => readIdleStatus(pid));
    expect(after.map(({ switches }) => switches)).toEqual(before.map(({ switches }) => switches));
    for (const { residentKibibytes } of after) expect(residentKibibytes).toBeLessThanOrEqual(1_024);
    for (const child of [...started, watcher]) child.stdin?.end();
    await tracker.untilNoneIsLeft();
  });
});
