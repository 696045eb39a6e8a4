/** Says what it watches, then what ended it. `tied-program.ts <onParentExit | tieToParent> <options as JSON>` */
import { isMainThread, Worker } from 'node:worker_threads';

import { createShutdown, onParentExit, tieToParent } from '../../src/index.ts';

const [how, optionsText = '{}'] = process.argv.slice(2);
const options = JSON.parse(optionsText) as { watch?: 'client' | 'wrappers'; stdin?: boolean };
const say = (value: unknown): void => console.log(JSON.stringify(value));

if (how === 'worker' && isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  worker.once('exit', () => process.exit(0));
} else if (how === 'tieToParent') {
  const shutdown = createShutdown({
    exit: (code) => process.exit(code),
  });
  shutdown.register('says why', ({ cause }) => say(cause.kind));
  const tie = tieToParent({ ...options, shutdown });
  process.stdin.resume();
  setInterval(() => undefined, 60_000);
  say(tie.describe());
} else {
  const watch = onParentExit(
    (exit) => {
      say(exit);
      clearInterval(keepAlive);
    },
    { ...options },
  );
  const keepAlive = setInterval(() => undefined, 60_000);
  say(watch.describe());
}
