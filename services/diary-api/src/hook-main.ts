import process from 'node:process';

import { runHook } from './hook/run-hook.ts';

/** The store's own limits are shorter; this is for what nobody thought of. */
const DEADLINE_MS = 20_000;

// An agent takes any other exit code for a failure of its own, or for a wish to be stopped.
process.on('uncaughtException', (error) => {
  process.stderr.write(`diary hook: ${error.message}\n`);
  process.exit(0);
});
const deadline = setTimeout(() => {
  process.stderr.write(`diary hook: gave up after ${DEADLINE_MS} ms\n`);
  process.exit(0);
}, DEADLINE_MS);
deadline.unref();

// Not awaited here: the bundle is a CommonJS file, which Node starts faster.
void runHook({
  // As "diary hook", or by the bundle's own path.
  args: process.argv.slice(process.argv[2] === 'hook' ? 3 : 2),
  environment: process.env,
  pid: process.pid,
  input: () => process.stdin,
  print: (text) => void process.stdout.write(text),
  report: (line) => void process.stderr.write(`${line}\n`),
}).then(() => clearTimeout(deadline));
