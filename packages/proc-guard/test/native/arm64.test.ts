import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { formatIdentity } from '../../src/identity/process-identity.ts';
import { currentIdentity } from '../../src/identity/read-identity.ts';
import { createProcessTracker } from '../support/process-tracker.ts';
import { runCommand, type CommandResult } from './support/run-command.ts';

const build: string = fileURLToPath(new URL('../../native/build.ts', import.meta.url));
const helper: string = fileURLToPath(
  new URL('../../../proc-guard-linux-arm64/bin/proc-guard-native', import.meta.url),
);
const emulator = 'qemu-aarch64';
const compiler = 'aarch64-linux-gnu-gcc';

const isThere = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const missing = [compiler, emulator].filter((program) => !isThere(program));
const own = formatIdentity(currentIdentity());

describe.skipIf(missing.length > 0)(
  `the helper for arm64${missing.length === 0 ? '' : ` (NOT RUN: ${missing.join(' and ')} missing)`}`,
  () => {
    test('is built by the cross-compiler', () => {
      const built = spawnSync(process.execPath, [build, 'arm64'], { encoding: 'utf8' });
      expect(built).toMatchObject({ status: 0, stderr: '' });
      expect(existsSync(helper)).toBe(true);
    });

    async function run(args: readonly string[], input = ''): Promise<CommandResult> {
      await using tracker = createProcessTracker();
      return await runCommand(emulator, [helper, ...args], { env: tracker.env, input });
    }

    test('is a program for that processor', () => {
      expect(spawnSync('readelf', ['-h', helper], { encoding: 'utf8' }).stdout).toMatch(/Machine:\s+AArch64/);
    });

    test('finds the client', async () => {
      expect(await run(['client'])).toMatchObject({ exitCode: 0, stdout: `client ${own}\n` });
    });

    test('watches', async () => {
      const dead = formatIdentity({ ...currentIdentity(), pid: 4_194_303 });
      const { stdout } = await run(['watch'], `add ${dead}\nadd ${own}\nx\n`);
      expect(stdout).toMatch(new RegExp(`^ready\ndead ${dead}\nerror .*\n$`));
    });

    test('becomes a command', async () => {
      expect(await run(['exec', '--', 'sh', '-c', 'exit 6'])).toMatchObject({ exitCode: 6 });
      expect(await run(['detach', '--', 'sh', '-c', 'exit 7'])).toMatchObject({ exitCode: 7 });
    });

    // The one thing that this emulator may lack: what adopts the orphans of a tree. Then no guard can work in it.
    const isRefused = lacksSubreaper();
    const why = `NOT RUN: ${emulator} ${emulatorVersion()} does not know PR_SET_CHILD_SUBREAPER`;

    test.skipIf(isRefused)(
      `guards a command and ends what it left behind${isRefused ? ` (${why})` : ''}`,
      async () => {
        await using tracker = createProcessTracker();
        const command = ['sh', '-c', 'setsid sleep 60 >/dev/null & exit 8'];
        const args = [helper, 'run', '--grace-ms', '0', '--', ...command];
        expect(await runCommand(emulator, args, { env: tracker.env })).toMatchObject({
          exitCode: 8,
          stderr: '',
        });
        expect(tracker.living()).toEqual([]);
      },
    );

    test.runIf(isRefused)('refuses to guard in one sentence, and starts nothing', async () => {
      expect(await run(['run', '--', 'echo', 'started'])).toMatchObject({
        exitCode: 125,
        stdout: '',
        stderr: 'proc-guard: cannot adopt orphans: invalid argument.\n',
      });
    });
  },
);

/** Asks the emulator with the helper itself; false, so that the test runs, for any other answer than that one. */
function lacksSubreaper(): boolean {
  if (missing.length > 0) return false;
  const built = spawnSync(process.execPath, [build, 'arm64'], { encoding: 'utf8' });
  if (built.status !== 0) return false;
  const { status, stderr } = spawnSync(emulator, [helper, 'run', '--', 'true'], { encoding: 'utf8' });
  return status === 125 && stderr === 'proc-guard: cannot adopt orphans: invalid argument.\n';
}

function emulatorVersion(): string {
  const { stdout } = spawnSync(emulator, ['--version'], { encoding: 'utf8' });
  return /version (\S+)/.exec(stdout ?? '')?.[1] ?? 'of unknown version';
}
