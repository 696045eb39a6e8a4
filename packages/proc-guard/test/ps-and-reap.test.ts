import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { eventually } from './support/eventually.ts';
import { hasHelper } from './support/helper-modes.ts';
import { createProcessTracker, type ProcessTracker } from './support/process-tracker.ts';
import { cliPath, runCliHere } from './support/run-cli.ts';
import { follow, programPath, startProgram } from './support/start-program.ts';

const guardPath = fileURLToPath(new URL('../bin/proc-guard', import.meta.url));

interface ProcessJson {
  readonly pid: number;
  readonly command: readonly string[];
}

interface Inspection {
  readonly trees: readonly {
    readonly id: string;
    readonly state: string;
    readonly guardPid: number;
    readonly members: readonly ProcessJson[];
  }[];
  readonly suspects: readonly (ProcessJson & {
    readonly reason: string;
    readonly descendants: readonly ProcessJson[];
  })[];
}

interface Reaped {
  readonly done: boolean;
  readonly items: readonly {
    readonly id: string;
    readonly members: readonly ProcessJson[];
    readonly left?: readonly number[];
  }[];
  readonly refused: readonly { readonly pid: number; readonly reason: string }[];
}

async function inspect(): Promise<Inspection> {
  const { stdout, stderr, code } = await runCliHere(['ps', '--json']);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout) as Inspection;
}

async function reap(...args: string[]): Promise<{ code: number | null; reaped: Reaped }> {
  const { stdout, code } = await runCliHere(['reap', '--json', ...args]);
  return { code, reaped: JSON.parse(stdout) as Reaped };
}

const pidsOf = (tracker: ProcessTracker): Set<number> => new Set(tracker.living().map(({ pid }) => pid));

describe.skipIf(!hasHelper)('what a dead guard leaves behind', () => {
  /** An owner with a guarded tree, whose guard is then killed. */
  async function loseGuard(tracker: ProcessTracker): Promise<ReturnType<typeof startProgram>> {
    const owner = startProgram('spawn-owner', ['sleep 300 & setsid sleep 301 & echo ready; wait', '100'], {
      env: tracker.env,
    });
    const { pid: guardPid } = (await owner.nextLine()) as { pid: number };
    process.kill(guardPid, 'SIGKILL');
    await eventually(
      () => (tracker.living().some(({ commandLine }) => commandLine.startsWith('sh -c')) ? undefined : true),
      'the kernel ends the command with its guard',
    );
    return owner;
  }

  test('every survivor is listed, and is reaped when the owner is dead: exactly what was shown', async () => {
    await using tracker = createProcessTracker();
    const owner = await loseGuard(tracker);
    owner.child.kill('SIGKILL');
    await owner.exited;
    const survivors = pidsOf(tracker);
    expect(survivors.size).toBe(2);

    const { trees } = await inspect();
    const tree = trees.find(({ members }) => members.some(({ pid }) => survivors.has(pid)));
    expect(tree?.state).toBe('orphaned');
    expect(new Set(tree?.members.map(({ pid }) => pid))).toEqual(survivors);

    const pid = String(tree?.members[0]?.pid);
    const shown = await reap(pid);
    const item = shown.reaped.items.find(({ id }) => id === tree?.id);
    expect(shown.reaped.done).toBe(false);
    expect(new Set(item?.members.map(({ pid }) => pid))).toEqual(survivors);
    expect(pidsOf(tracker)).toEqual(survivors);

    const done = await reap('--yes', '--grace-ms', '200', pid);
    expect(done.reaped.items.find(({ id }) => id === tree?.id)).toMatchObject({
      members: item?.members.map(({ pid }) => ({ pid })),
      left: [],
    });
    expect(tracker.living()).toEqual([]);
  });

  test('while the owner lives it is touched only when it is named', async () => {
    await using tracker = createProcessTracker();
    await loseGuard(tracker);
    const survivors = [...pidsOf(tracker)].filter((pid) =>
      tracker.living().some((process) => process.pid === pid && process.commandLine.startsWith('sleep')),
    );
    expect(survivors).toHaveLength(2);
    const { trees } = await inspect();
    expect(trees.find(({ members }) => members.some(({ pid }) => pid === survivors[0]))?.state).toBe(
      'guard-lost',
    );
    const unnamed = await reap();
    const planned = unnamed.reaped.items.flatMap(({ members }) => members).map(({ pid }) => pid);
    expect(planned.filter((pid) => survivors.includes(pid))).toEqual([]);
    await reap('--yes', String(survivors[0]));
    expect(survivors.some((pid) => pidsOf(tracker).has(pid))).toBe(false);
  });
});

describe.skipIf(!hasHelper)('what must not be touched', () => {
  test('a tree with a living owner, not even when it is named', async () => {
    await using tracker = createProcessTracker();
    // By the shell's word: a child that has not become `sleep` yet cannot be told by its command line.
    const owner = startProgram('spawn-owner', ['sleep 300 & echo $!; wait'], { env: tracker.env });
    const { said } = (await owner.nextLine()) as { said: string };
    const sleeper = Number(said);
    // While it becomes `sleep`, its environment cannot be read.
    const before = await eventually(() => {
      const pids = pidsOf(tracker);
      return pids.has(sleeper) ? pids : undefined;
    }, 'the sleeper can be found');
    const { code, reaped } = await reap('--yes', String(sleeper));
    expect(code).toBe(1);
    expect(reaped.refused).toContainEqual({ pid: sleeper, reason: 'its owner lives' });
    expect(pidsOf(tracker)).toEqual(before);
  });

  test('what was detached from a tree whose owner is dead', async () => {
    await using tracker = createProcessTracker();
    const owner = startProgram(
      'spawn-owner',
      [`'${guardPath}' detach -- sleep 300 & sleep 0.2; echo ready; sleep 301`, '100'],
      { env: tracker.env },
    );
    await owner.nextLine();
    owner.child.kill('SIGKILL');
    const detached = await eventually(() => {
      const living = tracker.living();
      return living.length === 1 ? living[0] : undefined;
    }, 'only the detached process is left');
    expect(detached.commandLine).toBe('sleep 300');
    const { code, reaped } = await reap('--yes', String(detached.pid));
    expect(code).toBe(1);
    expect(reaped.refused).toContainEqual({ pid: detached.pid, reason: 'it was detached on purpose' });
    expect(tracker.living()).toEqual([detached]);
  });

  test('what nobody guards and is no suspect, and what does not exist', async () => {
    await using tracker = createProcessTracker();
    const child = spawn('sleep', ['300'], { stdio: 'ignore', env: tracker.env });
    await once(child, 'spawn');
    const { code, reaped } = await reap('--yes', String(child.pid), '4194303');
    expect(code).toBe(1);
    expect(reaped.refused).toEqual([
      { pid: child.pid, reason: 'it is neither guarded nor a suspect' },
      { pid: 4194303, reason: 'there is no such process' },
    ]);
    expect(tracker.living()).toHaveLength(1);
  });

  test('a process with a cookie that somebody made up', async () => {
    await using tracker = createProcessTracker();
    const { trees: before } = await inspect();
    const cookies = [
      'nonsense',
      '../../../etc/passwd/1.1',
      // A guard that is younger than the process cannot have started it.
      '00000000-0000-0000-0000-000000000000:1:4194302:1/4194302.99999999999',
      // An owner on another host cannot be looked at.
      '00000000-0000-0000-0000-000000000000:1:4194302:1/4194302.1',
    ];
    for (const cookie of cookies) {
      const child = spawn('sleep', ['300'], {
        stdio: 'ignore',
        env: { ...tracker.env, ENDWELL_GUARD: cookie },
      });
      await once(child, 'spawn');
    }
    const { reaped } = await reap();
    expect(tracker.living()).toHaveLength(cookies.length);
    const { trees } = await inspect();
    const added = trees.filter(
      ({ id }) => !before.some((tree) => tree.id === id) && id.startsWith('00000000'),
    );
    expect(added.map(({ state }) => state)).toEqual(['unknown']);
    expect(reaped.items.flatMap(({ members }) => members).some(({ pid }) => pidsOf(tracker).has(pid))).toBe(
      false,
    );
  });
});

describe('suspects', () => {
  const tied = (variant: string): string[] => [
    process.execPath,
    programPath('stdio-server'),
    variant,
    'bare',
  ];

  /** A client with bare servers of the official SDK. */
  async function startClient(
    servers: ProcessTracker,
    clients: ProcessTracker,
    settings: object,
  ): Promise<ReturnType<typeof startProgram>> {
    const { PROC_GUARD_TEST: cookie = '' } = servers.env;
    const full = { cwd: '/', leakStdin: false, serverEnv: { PROC_GUARD_TEST: cookie }, ...settings };
    const client = startProgram('stdio-client', [JSON.stringify(full)], { env: clients.env });
    expect(await client.nextLine()).toBe('ready');
    return client;
  }

  async function suspectsAmong(tracker: ProcessTracker, count: number): Promise<Inspection['suspects']> {
    return eventually(async () => {
      const pids = pidsOf(tracker);
      const { suspects } = await inspect();
      const found = suspects.filter(({ pid }) => pids.has(pid));
      return found.length >= count ? found : undefined;
    }, `${count} suspects`);
  }

  test('orphans of the bare official SDK are listed with their reason, and end when they are named', async () => {
    await using servers = createProcessTracker();
    await using clients = createProcessTracker();
    const plain = await startClient(servers, clients, { command: tied('interval'), count: 2 });
    const shell = await startClient(servers, clients, {
      command: ['sh', '-c', `${tied('interval').join(' ')}; exit $?`],
      count: 1,
    });
    await using leaked = createProcessTracker();
    const leaking = await startClient(leaked, clients, {
      command: tied('interval'),
      count: 1,
      leakStdin: true,
    });
    for (const client of [plain, shell, leaking]) {
      client.child.kill('SIGKILL');
      await client.exited;
    }
    const found = await suspectsAmong(servers, 3);
    expect(found.map(({ reason }) => reason)).toEqual([
      'stdin-writer-gone',
      'stdin-writer-gone',
      'stdin-writer-gone',
    ]);
    expect(found.map(({ descendants }) => descendants.length).reduce((sum, count) => sum + count, 0)).toBe(1);
    const [leakedSuspect] = await suspectsAmong(leaked, 1);
    expect(leakedSuspect?.reason).toBe('reparented');

    const pids = found.map(({ pid }) => String(pid));
    const shown = await reap(...pids);
    expect(shown.code).toBe(0);
    expect(servers.living()).toHaveLength(4);
    await reap('--yes', ...pids);
    expect(servers.living()).toEqual([]);
    expect(leaked.living()).toHaveLength(1);
  });

  const noMount = spawnSync('unshare', ['-m', 'true']).status === 0 ? '' : ' (NOT RUN: needs root)';
  test.skipIf(noMount !== '')(
    `also in a container that is shown an uptime of its own${noMount}`,
    async () => {
      await using servers = createProcessTracker();
      await using clients = createProcessTracker();
      const folder = mkdtempSync(join(tmpdir(), 'proc-guard-uptime-'));
      writeFileSync(join(folder, 'uptime'), '1.00 1.00\n');
      const client = await startClient(servers, clients, { command: tied('interval'), count: 1 });
      client.child.kill('SIGKILL');
      await client.exited;
      const [orphan] = await suspectsAmong(servers, 1);
      const script = `mount --bind '${join(folder, 'uptime')}' /proc/uptime && exec "$@"`;
      const command = [process.execPath, cliPath, 'ps', '--json'];
      const { stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', ...command], {
        encoding: 'utf8',
      });
      rmSync(folder, { recursive: true, force: true });
      expect(stderr).toBe('');
      const { suspects } = JSON.parse(stdout) as Inspection;
      expect(suspects.map(({ pid }) => pid)).toContain(orphan?.pid);
    },
  );

  const noNamespace =
    spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0 ? '' : ' (NOT RUN: needs root)';
  test.skipIf(noNamespace !== '')(
    `also in a pid namespace whose session is led from outside, but not what is used from there${noNamespace}`,
    async () => {
      await using tracker = createProcessTracker();
      const settings = { cwd: '/', leakStdin: false, serverEnv: {}, command: tied('interval'), count: 1 };
      // Init and the sleeper have the pipes of this test, which cannot be seen from within.
      const script = `
        exec 3<&0
        sleep 300 <&3 &
        "$0" "$1" "$2" </dev/null >ready & client=$!
        until grep -q ready ready; do sleep 0.1; done
        kill -9 $client
        wait $client
        sleep 2.5
        "$0" "$3" ps --json`;
      const folder = mkdtempSync(join(tmpdir(), 'proc-guard-namespace-'));
      const args = [process.execPath, programPath('stdio-client'), JSON.stringify(settings), cliPath];
      const inside = ['-pf', '--mount-proc', '--kill-child', 'sh', '-c', script, ...args];
      const child = spawn('unshare', inside, {
        stdio: ['pipe', 'pipe', 'inherit'],
        cwd: folder,
        env: tracker.env,
      });
      const chunks: string[] = [];
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
      await once(child, 'close');
      rmSync(folder, { recursive: true, force: true });
      const { suspects } = JSON.parse(chunks.join('')) as Inspection;
      expect(suspects.map(({ reason, command }) => [reason, command])).toEqual([
        ['stdin-writer-gone', tied('interval')],
      ]);
    },
  );

  test('thirty idle copies under one living client are listed', async () => {
    await using servers = createProcessTracker();
    await using clients = createProcessTracker();
    const copy = ['sh', '-c', 'echo ready >&2; read line'];
    await startClient(servers, clients, { command: copy, count: 30 });
    const found = await suspectsAmong(servers, 30);
    expect(found).toHaveLength(30);
    expect(new Set(found.map(({ reason }) => reason))).toEqual(new Set(['many-copies']));
  });

  test('none of the innocent is listed', async () => {
    await using tracker = createProcessTracker();
    const folder = mkdtempSync(join(tmpdir(), 'proc-guard-innocent-'));
    const { env } = tracker;
    const dev = { stdio: 'ignore', env } as const;
    const children = [
      // A daemon on purpose: a session of its own, forked twice.
      spawn('sh', ['-c', 'setsid sh -c "sleep 300 </dev/null >/dev/null 2>&1 & exit"'], dev),
      // A shell in the background, and one whose stdin was closed while somebody reads what it says.
      spawn('sh', ['-c', '(while :; do sleep 300; done) </dev/null >/dev/null 2>&1 &'], dev),
      spawn('sh', ['-c', 'echo "{}"; while :; do sleep 300; done'], {
        stdio: ['pipe', 'pipe', 'ignore'],
        env,
      }),
      // A terminal multiplexer's server: its stdio is a terminal or nothing, its work is a socket.
      spawn('setsid', ['script', '-qc', 'sleep 300', '/dev/null'], dev),
      // The end of a pipeline whose beginning is done, at work in the background for a file.
      spawn('sh', ['-c', 'echo x | sleep 300 >"$0" 2>&1 &', join(folder, 'log')], dev),
      // A daemon whose starter gave it pipes and a session of its own: as a client that has started a server so.
      spawn('sh', ['-c', 'echo x | setsid sh -c "sleep 300; exit" 2>&1 | true &'], dev),
      // A living server with a living client.
      spawn('cat', [], { stdio: ['pipe', 'pipe', 'ignore'], env }),
    ];
    const reader = children[2];
    if (reader === undefined) throw new Error('the reader is missing');
    await follow(reader).nextLine();
    reader.stdin?.end();
    await eventually(() => (tracker.living().length >= 9 ? true : undefined), 'all of them run');
    // Old enough to be suspects, if they were any.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const { suspects } = await inspect();
    const pids = pidsOf(tracker);
    expect(suspects.filter(({ pid }) => pids.has(pid))).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('nor is what asks, whoever has left it behind', async () => {
    await using tracker = createProcessTracker();
    const folder = mkdtempSync(join(tmpdir(), 'proc-guard-asker-'));
    const file = (name: string): string => join(folder, name);
    const env = {
      ...tracker.env,
      ASK: `'${process.execPath}' '${cliPath}' ps --json >'${file('found')}'; exit`,
      // Nobody can write to its stdin, nobody reads its stdout, and whoever has started it is gone.
      ASKER: `echo $$ >'${file('pid')}'; sleep 2.6; sh -c "$ASK"; : >'${file('done')}'; exit`,
    };
    const starter = spawn('sh', ['-c', 'echo x | sh -c "$ASKER" | true &'], { stdio: 'ignore', env });
    expect(await once(starter, 'exit')).toEqual([0, null]);
    await eventually(() => existsSync(file('done')) || undefined, 'it has asked');
    const asker = Number(readFileSync(file('pid'), 'utf8'));
    const { suspects } = JSON.parse(readFileSync(file('found'), 'utf8')) as Inspection;
    expect(suspects.map(({ pid }) => pid)).not.toContain(asker);
    rmSync(folder, { recursive: true, force: true });
  });

  const noTmux = spawnSync('tmux', ['-V']).status === 0 ? '' : ' (NOT RUN: there is no tmux)';
  test.skipIf(noTmux !== '')(`nor is a tmux server with its shells${noTmux}`, async () => {
    await using tracker = createProcessTracker();
    const folder = mkdtempSync(join(tmpdir(), 'proc-guard-tmux-'));
    const socket = join(folder, 'socket');
    try {
      const args = ['-S', socket, '-f', '/dev/null', 'new-session', '-d', 'sh -c "cat | sleep 300"'];
      const started = spawn('tmux', args, { stdio: ['pipe', 'pipe', 'inherit'], env: tracker.env });
      expect(await once(started, 'exit')).toEqual([0, null]);
      await eventually(() => (tracker.living().length >= 3 ? true : undefined), 'tmux and its shell run');
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      const { suspects } = await inspect();
      const pids = pidsOf(tracker);
      expect(suspects.filter(({ pid }) => pids.has(pid))).toEqual([]);
    } finally {
      spawnSync('tmux', ['-S', socket, 'kill-server']);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const noOther = process.geteuid?.() === 0 ? '' : ' (NOT RUN: only root can start it)';
describe.skipIf(noOther !== '' || !hasHelper)(`another user's tree${noOther}`, () => {
  test('with a dead owner is refused by pid and kept, for root too', async () => {
    await using tracker = createProcessTracker();
    // A guard that is killed, so that only reap is left to end the tree; the members are of another user.
    const script = 'setpriv --reuid 65534 --clear-groups sleep 300 & echo $!; wait';
    const owner = startProgram('spawn-owner', [`setsid sh -c '${script}' & wait`, '100'], {
      env: tracker.env,
    });
    const { pid: guardPid, said } = (await owner.nextLine()) as { pid: number; said: string };
    const foreign = Number(said);
    await eventually(
      () => (statSync(`/proc/${foreign}`).uid === 65_534 ? true : undefined),
      'it has become the other user',
    );
    process.kill(guardPid, 'SIGKILL');
    owner.child.kill('SIGKILL');
    await owner.exited;
    const { code, reaped } = await reap('--yes', '--grace-ms', '100', String(foreign));
    expect(code).toBe(1);
    expect(reaped.refused).toContainEqual({ pid: foreign, reason: 'it belongs to another user (65534)' });
    expect(reaped.items.flatMap(({ members }) => members).map(({ pid }) => pid)).not.toContain(foreign);
    expect(pidsOf(tracker).has(foreign)).toBe(true);
  });
});
