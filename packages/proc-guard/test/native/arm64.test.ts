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

    test('guards a command, or refuses in one sentence where the emulator lacks what that needs', async () => {
      const { exitCode, stderr } = await run(['run', '--', 'sh', '-c', 'setsid sleep 60 & exit 8']);
      // qemu 7 does not know subreapers.
      const refused = { exitCode: 125, stderr: 'proc-guard: cannot adopt orphans: invalid argument.\n' };
      expect([{ exitCode: 8, stderr: '' }, refused]).toContainEqual({ exitCode, stderr });
    });
  },
);
