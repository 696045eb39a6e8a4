/** `npm run demo`: see `options.ts` for what it shows. */
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { helpText, parseOptions, UsageError } from './options.ts';
import { runDemo } from './run-demo.ts';

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(helpText);
    return 0;
  }
  if (process.platform !== 'linux') {
    throw new UsageError('UNSUPPORTED: the demo counts processes in /proc, so it runs on Linux only');
  }
  const interruption = new AbortController();
  let interruptedBy: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    interruptedBy ??= signal;
    interruption.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  // Nobody reads any more: the terminal is closed, or `| head` has seen enough.
  process.stdout.on('error', () => interrupt('SIGPIPE'));
  const folder = await mkdtemp(join(tmpdir(), 'endwell-demo-'));
  try {
    const ok = await runDemo({
      ...options,
      folder,
      environment: process.env,
      output: process.stdout,
      signal: interruption.signal,
    });
    return ok ? 0 : 1;
  } catch (error) {
    if (interruptedBy === undefined) throw error;
    process.stdout.write('\nInterrupted; everything that was started has been ended.\n');
    return 128 + constants.signals[interruptedBy];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`demo: ${error.message}\n`);
  process.exitCode = 2;
}
