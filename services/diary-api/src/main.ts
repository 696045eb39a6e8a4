import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { createShutdown, tieToParent } from '@endwell/proc-guard';
import { pino } from 'pino';

import type { CommandContext } from './cli/command-context.ts';
import { endWithLauncher } from './cli/end-with-launcher.ts';
import { createProgress } from './cli/progress.ts';
import { runCommandLine } from './cli/run-command-line.ts';
import { toComplaint } from './cli/to-complaint.ts';

/**
 * The end takes some milliseconds. What is in flight and the store's last write to a slow disk may
 * take longer, and are not cut short before this; a second signal does not wait.
 */
const DEADLINE_MS = 5_000;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

const context: CommandContext = {
  environment: process.env,
  folder: process.cwd(),
  program: { node: process.execPath, hook: fileURLToPath(new URL('../bin/diary-hook.cjs', import.meta.url)) },
  version,
  print: (line) => void process.stdout.write(`${line}\n`),
  report: (line) => void process.stderr.write(`${line}\n`),
  write: async (part) => {
    if (!process.stdout.write(part)) await once(process.stdout, 'drain');
  },
  readInput: () => text(process.stdin),
  createProgress: () => createProgress(process.stderr),
  confirm: async (question) => {
    if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
    using terminal = createInterface({ input: process.stdin, output: process.stdout });
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  },
  hasColors: process.stdout.isTTY && process.stdout.hasColors(),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  createLogger: (level) => pino({ level, base: { name: 'diary' } }, pino.destination({ fd: 2, sync: true })),
  liveUntilEnded: (logger) => {
    const shutdown = createShutdown({
      deadlineMs: DEADLINE_MS,
      logger: {
        info: (message) => logger.info(message),
        error: (message) => logger.error(message),
      },
      exit: (code) => process.exit(code),
    });
    tieToParent({ shutdown, stdin: false, watch: 'wrappers' });
    if (process.connected) endWithLauncher(process.ppid, shutdown);
    return shutdown;
  },
};

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `diary sessions list | head`: nobody reads any further, so there is nothing left to do.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  const [command, ...rest] = process.argv.slice(2);
  // A hook has a program of its own, which does not load what the other commands need.
  if (command === 'hook' && !rest.includes('--help') && !rest.includes('-h')) await import('./hook-main.ts');
  else await runCommandLine(process.argv.slice(2), context);
} catch (error) {
  const complaint = toComplaint(error);
  if (complaint === undefined) throw error;
  context.report(complaint.line);
  process.exitCode = complaint.exitCode;
}
