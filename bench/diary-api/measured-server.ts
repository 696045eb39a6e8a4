import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programs } from '../programs.ts';

export interface MeasuredServer extends AsyncDisposable {
  readonly address: string;
  /** What it holds in memory now, in bytes. */
  residentBytes(): Promise<number>;
  /** What it has used of a CPU since it started, in milliseconds. */
  cpuMs(): Promise<number>;
}

const MILLISECONDS_PER_TICK = 10;

/** `diary serve` as it is installed, on a database of its own that is gone afterwards. */
export async function startDiary(): Promise<MeasuredServer> {
  const home = await mkdtemp(join(tmpdir(), 'endwell-bench-'));
  return await start([programs.diary, 'serve', '--port', '0', '--rate', '9999999', '--home', home], () =>
    rm(home, { recursive: true, force: true }),
  );
}

export async function startWithoutStore(): Promise<MeasuredServer> {
  const program = join(import.meta.dirname, 'no-store-server.ts');
  return await start(['--disable-warning=ExperimentalWarning', program], async () => {});
}

async function start(args: readonly string[], remove: () => Promise<void>): Promise<MeasuredServer> {
  const child = spawn(programs.node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await readAddress(child);
  const stat = async (): Promise<string[]> => {
    const text = await readFile(`/proc/${child.pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  };
  return {
    address,
    residentBytes: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
    },
    cpuMs: async () => {
      const fields = await stat();
      return (Number(fields[11]) + Number(fields[12])) * MILLISECONDS_PER_TICK;
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await ended;
      }
      await remove();
    },
  };
}

async function readAddress(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no standard output to read.');
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\S+/.exec(line)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error('The server ended before it was ready.');
}
