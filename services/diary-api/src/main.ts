import { readFileSync } from 'node:fs';
import process from 'node:process';

import { createShutdown, tieToParent } from '@endwell/proc-guard';
import { pino } from 'pino';

import type { CommandContext } from './cli/command-context.ts';
import { endWithLauncher } from './cli/end-with-launcher.ts';
import { runCommandLine } from './cli/run-command-line.ts';
import { toComplaint } from './cli/to-complaint.ts';

/** Everything has to be over well within a second: whoever asks us to end does not wait longer. */
const DEADLINE_MS = 900;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

const context: CommandContext = {
  environment: process.env,
  version,
  print: (line) => void process.stdout.write(`${line}\n`),
  report: (line) => void process.stderr.write(`${line}\n`),
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
  await runCommandLine(process.argv.slice(2), context);
} catch (error) {
  const complaint = toComplaint(error);
  if (complaint === undefined) throw error;
  context.report(complaint.line);
  process.exitCode = complaint.exitCode;
}
