import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { hasHelper } from './support/helper-modes.ts';
import { createProcessTracker, type ProcessTracker } from './support/process-tracker.ts';
import { programPath, startProgram } from './support/start-program.ts';

/** How many servers in each cell; the nightly run has 20. */
const count = Number(process.env['PROC_GUARD_MATRIX_COUNT'] ?? '2');
const guardPath = fileURLToPath(new URL('../bin/proc-guard', import.meta.url));

type Launcher = 'direct' | 'sh -c' | 'npx';
type Variant = 'plain' | 'interval' | 'busy' | 'stdin leaked';
type Ending = 'bare' | 'run' | 'tied';

const launchers: readonly Launcher[] = ['direct', 'sh -c', 'npx'];
const variants: readonly Variant[] = ['plain', 'interval', 'busy', 'stdin leaked'];

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'proc-guard-matrix-'));
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name": "matrix", "private": true}\n');
  const bin = join(folder, 'node_modules/.bin/stdio-server');
  writeFileSync(
    join(folder, 'stdio-server'),
    `#!/bin/sh\nexec '${process.execPath}' '${programPath('stdio-server')}' "$@"\n`,
    {
      mode: 0o755,
    },
  );
  symlinkSync(join(folder, 'stdio-server'), bin);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function commandOf(launcher: Launcher, variant: Variant, ending: Ending): readonly string[] {
  const args = [variant === 'stdin leaked' ? 'interval' : variant, ending === 'tied' ? 'tied' : 'bare'];
  const server = [process.execPath, programPath('stdio-server'), ...args];
  const command: Record<Launcher, readonly string[]> = {
    direct: server,
    // The second command keeps the shell there, between the client and the server.
    'sh -c': ['sh', '-c', `${server.map((word) => `'${word}'`).join(' ')}; exit $?`],
    npx: ['npx', '--no-install', 'stdio-server', ...args],
  };
  return ending === 'run' ? [guardPath, 'run', '--', ...command[launcher]] : command[launcher];
}

/** Starts a client with its servers, kills it, and calls back while its servers live or die. */
async function killClient(
  launcher: Launcher,
  variant: Variant,
  ending: Ending,
  afterwards: (servers: ProcessTracker) => Promise<void>,
): Promise<void> {
  await using servers = createProcessTracker();
  await using others = createProcessTracker();
  const { PROC_GUARD_TEST: serverCookie = '' } = servers.env;
  const settings = {
    command: commandOf(launcher, variant, ending),
    count,
    cwd: folder,
    leakStdin: variant === 'stdin leaked',
    serverEnv: { PROC_GUARD_TEST: serverCookie },
  };
  const client = startProgram('stdio-client', [JSON.stringify(settings)], { env: others.env });
  expect(await client.nextLine()).toBe('ready');
  expect(servers.living().length).toBeGreaterThanOrEqual(count);
  client.child.kill('SIGKILL');
  await client.exited;
  await afterwards(servers);
}

const serversAmong = (tracker: ProcessTracker): number =>
  tracker.living().filter(({ commandLine }) => commandLine.includes('stdio-server.ts')).length;

/** A shell or npx that stays in between has the server's command line too. */
const serversOf = (launcher: Launcher): number => (launcher === 'sh -c' ? 2 * count : count);

/** Long after the slowest of the guarded cells is empty. */
const orphanProofMs = 2_000;

describe.skipIf(!hasHelper)('a client is killed', () => {
  describe.each(launchers)('its servers were started by: %s', (launcher) => {
    test.each(variants)('%s, under proc-guard run: no orphan', async (variant) => {
      await killClient(launcher, variant, 'run', async (servers) => {
        await servers.untilNoneIsLeft();
        expect(servers.living()).toEqual([]);
      });
    });

    test.each(variants.filter((variant) => variant !== 'busy'))(
      '%s, with tieToParent: no orphan',
      async (variant) => {
        await killClient(launcher, variant, 'tied', async (servers) => {
          await servers.untilNoneIsLeft();
          expect(servers.living()).toEqual([]);
        });
      },
    );
  });

  // The controls, without which the empty cells above mean nothing: what stays today.
  test.each([
    ['direct', 'interval', 'bare'],
    ['direct', 'busy', 'bare'],
    ['direct', 'stdin leaked', 'bare'],
    ['sh -c', 'interval', 'bare'],
    ['sh -c', 'busy', 'bare'],
    ['sh -c', 'stdin leaked', 'bare'],
    ['npx', 'interval', 'bare'],
    ['npx', 'busy', 'bare'],
    ['npx', 'stdin leaked', 'bare'],
    // Only the kernel ends what never comes back to its event loop.
    ['direct', 'busy', 'tied'],
  ] as const)('%s, %s, %s: every server stays', async (launcher, variant, ending) => {
    await killClient(launcher, variant, ending, async (servers) => {
      await new Promise((resolve) => setTimeout(resolve, orphanProofMs));
      expect(serversAmong(servers)).toBe(serversOf(launcher));
    });
  });

  // A server that has nothing else to wait for ends with its event loop, not because it has noticed.
  test.each(launchers)('%s, plain, bare: ends once stdin has ended', async (launcher) => {
    await killClient(launcher, 'plain', 'bare', async (servers) => {
      await servers.untilNoneIsLeft();
      expect(servers.living()).toEqual([]);
    });
  });

  test('the guard inside a shell ends with the client too', async () => {
    await using servers = createProcessTracker();
    await using others = createProcessTracker();
    const { PROC_GUARD_TEST: serverCookie = '' } = servers.env;
    const inner = commandOf('direct', 'interval', 'run').map((word) => `'${word}'`);
    const settings = {
      command: ['sh', '-c', `${inner.join(' ')}; exit $?`],
      count,
      cwd: folder,
      leakStdin: true,
      serverEnv: { PROC_GUARD_TEST: serverCookie },
    };
    const client = startProgram('stdio-client', [JSON.stringify(settings)], { env: others.env });
    await client.nextLine();
    client.child.kill('SIGKILL');
    await servers.untilNoneIsLeft();
    expect(servers.living()).toEqual([]);
  });
});
