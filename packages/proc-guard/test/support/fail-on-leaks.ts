/**
 * Set-up of every test file: fails a test that leaves a child, a timer or handle, a listener on the process, a
 * descriptor or a temporary file behind. What the file's own `beforeAll` made is there before the test and no leak.
 * Ends take a moment to be seen (a killed process is reaped, a stream closes), so each check waits for them, within
 * a bound; only what is still there then is a leak.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach } from 'vitest';

import { errnoCode } from '../../src/errors/errno-code.ts';
import { followTimers } from './live-timers.ts';
import { processesMarked } from './process-tracker.ts';

/** Far more than the end of anything takes; passed only by what does not end. */
const settleMs = 30_000;

const markName = 'PROC_GUARD_TEST_FILE';
const mark = randomUUID();
// What a test starts inherits both, whatever else is in its environment.
process.env[markName] = mark;
const folder = mkdtempSync(join(tmpdir(), 'proc-guard-test-file-'));
process.env['TMPDIR'] = folder;
// libuv opens its pipe for signals with the first of them, and keeps it.
const warmUp = (): void => undefined;
process.on('SIGUSR2', warmUp).off('SIGUSR2', warmUp);

const timers = followTimers();

/** By kind, what is there; a text for each thing, the same text once for each time. */
type Belongings = Record<
  'children' | 'timers' | 'handles' | 'listeners' | 'descriptors' | 'files',
  readonly string[]
>;

function look(): Belongings {
  return {
    children: processesMarked(`${markName}=${mark}`).map(
      ({ pid, startTime, commandLine }) => `${pid} (${startTime}) ${commandLine}`,
    ),
    timers: timers.origins(),
    handles: process.getActiveResourcesInfo().filter(isCountedHere),
    listeners: process
      .eventNames()
      .flatMap((name) => process.listeners(name as 'exit').map(() => String(name))),
    descriptors: openDescriptors(),
    // npm's own cache of compiled code, where a test has started npx.
    files: readdirSync(folder).filter((name) => name !== 'node-compile-cache'),
  };
}

/** Timers are followed one by one; what is left out else is a read or write in flight, which ends by itself. */
const isCountedHere = (kind: string): boolean =>
  /^(?:Process|Pipe|TCP|TCPServer|TCPSocket|TTY|Signal|UDP|FSEvent|StatWatcher|MessagePort|Worker)/.test(
    kind,
  );

function openDescriptors(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${descriptor}`);
      // The event loops' own, of this thread and of those that Node starts when it needs them.
      if (/^anon_inode:\[?(eventpoll|eventfd|io_uring)/.test(target)) return [];
      return [`${descriptor} → ${target}`];
    } catch (error) {
      // The one that this very listing was read through.
      if (errnoCode(error) !== 'ENOENT') throw error;
      return [];
    }
  });
}

/** What is there now more often than it was before. */
function added(before: Belongings, now: Belongings): Partial<Belongings> {
  const grown = (Object.keys(now) as (keyof Belongings)[]).map((kind) => {
    const known = [...before[kind]];
    const more = now[kind].filter((thing) => {
      const at = known.indexOf(thing);
      if (at >= 0) known.splice(at, 1);
      return at < 0;
    });
    return [kind, more] as const;
  });
  return Object.fromEntries(grown.filter(([, more]) => more.length > 0));
}

let before: Belongings;

beforeEach(() => {
  timers.begin();
  before = look();
});

afterEach(async () => {
  const until = performance.now() + settleMs;
  let leaked = added(before, look());
  while (Object.keys(leaked).length > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    leaked = added(before, look());
  }
  if (Object.keys(leaked).length > 0)
    throw new Error(`left behind by this test: ${JSON.stringify(leaked, null, 2)}`);
});

afterAll(() => {
  const { children, files } = look();
  rmSync(folder, { recursive: true, force: true });
  if (children.length + files.length > 0) {
    throw new Error(`left behind by this file: ${JSON.stringify({ children, files }, null, 2)}`);
  }
});
