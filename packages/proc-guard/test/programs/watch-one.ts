/** Watches one process and says when it has ended; `alone`: with nothing else that keeps it alive. */
import { watchProcess, type ProcessIdentity } from '../../src/index.ts';

const [identity = '', alone] = process.argv.slice(2);
const watch = watchProcess(JSON.parse(identity) as ProcessIdentity, (end) =>
  console.log(JSON.stringify(end)),
);
console.log(JSON.stringify(watch.describe()));
if (alone === undefined) setInterval(() => undefined, 60_000);
