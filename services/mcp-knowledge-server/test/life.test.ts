import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ProcessIdentity } from '@endwell/proc-guard';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databasePath } from './support/database-path.ts';
import { markedProcesses } from './support/marked-processes.ts';
import { processEnd } from './support/process-end.ts';
import { serverEnvironment } from './support/server-command.ts';
import { storedSessions } from './support/stored-sessions.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** A night's worth is 100; see `pnpm soak`. */
const trials = Number(process.env['MCP_LIFE_TRIALS'] ?? 1);

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const repository = join(packageFolder, '..', '..');
const client = fileURLToPath(new URL('programs/holding-client.mjs', import.meta.url));

/** The published form of the program, as the build makes it. */
const direct = [process.execPath, join(packageFolder, 'bin', 'mcp-knowledge-server.js')];
const behindNpx = ['npx', '--no-install', 'mcp-knowledge-server'];

type Cause = 'stdin closed' | 'SIGTERM' | 'SIGTERM to the wrapper' | 'client killed';
type Busy = 'at rest' | 'with calls in flight' | 'with an ingest running';

const reasons: Readonly<Record<Cause, string>> = {
  'stdin closed': 'client_disconnected',
  SIGTERM: 'shutdown',
  // npx ends without passing the signal on.
  'SIGTERM to the wrapper': 'client_disconnected',
  'client killed': 'owner_died',
};

interface Trial {
  /** From the cause to the end of the last process. */
  readonly milliseconds: number;
  readonly left: number;
}

async function run(command: readonly string[], cause: Cause, busy: Busy): Promise<Trial> {
  const home = await temporaryFolder();
  const mark = `MCP_LIFE_MARK=${home}`;
  const holder = spawn(process.execPath, [client, ...command], {
    cwd: repository,
    env: {
      ...serverEnvironment(home, {
        MCP_LIFE_MARK: home,
        MCP_TOOLSET: 'all',
        ENDWELL_EMBEDDINGS: 'off',
        MCP_INGEST_ROOTS: home,
        npm_config_update_notifier: 'false',
      }),
      MESSAGES: JSON.stringify(await messages(busy, home)),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  const holderGone = once(holder, 'close');
  const [sessionId] = (await once(createInterface({ input: holder.stdout }), 'line')) as [string];
  const below = (await markedProcesses(mark)).filter(({ pid }) => pid !== holder.pid);
  expect(below.length).toBeGreaterThan(0);
  const gone = Promise.all(below.map(({ pid }) => processEnd(pid)));

  const startedAt = performance.now();
  await bringAbout(cause, holder, below);
  await gone;
  const milliseconds = performance.now() - startedAt;
  holder.kill('SIGKILL');
  await holderGone;

  const left = await markedProcesses(mark);
  // Before it is read, which makes these files again.
  const files = await readdir(dirname(databasePath(home)));
  expect(
    files.filter((file) => /-(wal|shm)$/.test(file)),
    'the database was not closed',
  ).toEqual([]);
  const sessions = await storedSessions(databasePath(home));
  expect(sessions.map(({ id, endReason, ends }) => ({ id, endReason, ends }))).toEqual([
    { id: sessionId, endReason: reasons[cause], ends: 1 },
  ]);
  return { milliseconds, left: left.length };
}

async function bringAbout(
  cause: Cause,
  holder: { readonly stdin: NodeJS.WritableStream; kill(signal: NodeJS.Signals): boolean },
  below: readonly ProcessIdentity[],
): Promise<void> {
  if (cause === 'stdin closed') holder.stdin.write('close\n');
  else if (cause === 'client killed') holder.kill('SIGKILL');
  else {
    const target = cause === 'SIGTERM' ? await serverAmong(below) : firstOf(below);
    if (target === undefined) throw new Error('there is nothing to send the signal to');
    process.kill(target.pid, 'SIGTERM');
  }
}

/** What the client started: the server, or its wrapper. Wrappers come before what they start, helpers after. */
function firstOf(below: readonly ProcessIdentity[]): ProcessIdentity | undefined {
  return below.toSorted((a, b) => a.startTime - b.startTime || a.pid - b.pid)[0];
}

/** Node with the program, by whichever of its names; not a wrapper that has the name among its arguments. */
async function serverAmong(below: readonly ProcessIdentity[]): Promise<ProcessIdentity | undefined> {
  for (const each of below) {
    const [program, file] = (await readFile(`/proc/${each.pid}/cmdline`, 'latin1')).split('\0');
    if (program?.endsWith('node') && file?.match(/\/mcp-knowledge-server(\.js)?$/)) return each;
  }
  return undefined;
}

async function messages(busy: Busy, home: string): Promise<readonly object[]> {
  if (busy === 'at rest') return [];
  if (busy === 'with calls in flight') {
    return Array.from({ length: 200 }, (_, index) => ({
      name: 'log_action',
      arguments: { type: 'edit', description: `Action ${index}` },
    }));
  }
  const folder = join(home, 'documents');
  await mkdir(folder);
  const text = 'A paragraph about bearings, load and wear, of which there are very many.\n\n'.repeat(400);
  await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      writeFile(join(folder, `${index}.md`), `# ${index}\n\n${text}`),
    ),
  );
  return [{ name: 'ingest_folder', arguments: { path: folder } }];
}

const cases: readonly (readonly [string, readonly string[], Cause, Busy])[] = [
  ['stdin closed', direct, 'stdin closed', 'at rest'],
  ['stdin closed, calls in flight', direct, 'stdin closed', 'with calls in flight'],
  ['stdin closed, an ingest running', direct, 'stdin closed', 'with an ingest running'],
  ['stdin closed, behind npx', behindNpx, 'stdin closed', 'at rest'],
  ['client killed', direct, 'client killed', 'at rest'],
  ['client killed, calls in flight', direct, 'client killed', 'with calls in flight'],
  ['client killed, an ingest running', direct, 'client killed', 'with an ingest running'],
  ['client killed, behind npx', behindNpx, 'client killed', 'at rest'],
  ['SIGTERM', direct, 'SIGTERM', 'at rest'],
  ['SIGTERM, calls in flight', direct, 'SIGTERM', 'with calls in flight'],
  ['SIGTERM, an ingest running', direct, 'SIGTERM', 'with an ingest running'],
  ['SIGTERM, behind npx', behindNpx, 'SIGTERM', 'at rest'],
  ['SIGTERM to npx', behindNpx, 'SIGTERM to the wrapper', 'at rest'],
  ['SIGTERM to npx, an ingest running', behindNpx, 'SIGTERM to the wrapper', 'with an ingest running'],
];

describe('whatever ends a server, nothing is left of it', () => {
  test.for(cases)(
    '%s: no process, a closed database, one end with its reason',
    { timeout: 60_000 + trials * 20_000 },
    async ([name, command, cause, busy]) => {
      const results: Trial[] = [];
      for (let trial = 0; trial < trials; trial += 1) results.push(await run(command, cause, busy));
      const taken = results.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
      const at = (fraction: number): string =>
        (taken[Math.min(taken.length - 1, Math.floor(fraction * taken.length))] ?? 0).toFixed(0);
      console.log(
        `${name}: gone after ${at(0.5)} ms (median of ${trials}; p99 ${at(0.99)} ms, longest ${at(1)} ms)`,
      );
      expect(results.filter(({ left }) => left > 0)).toEqual([]);
    },
  );
});
