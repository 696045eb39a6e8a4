/** Says when the far ends of a guarded command's stdout and fourth descriptor are closed, while it lives. */
import { once } from 'node:events';
import type { Readable } from 'node:stream';

import { spawnGuarded } from '../../src/index.ts';

const guarded = spawnGuarded('sh', ['-c', 'exec >&- 3>&-; exec sleep 300'], {
  stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
});
const ends = [guarded.stdout, guarded.stdio[3] as Readable | null].map(async (stream, index) => {
  stream?.resume();
  if (stream !== null) await once(stream, 'end');
  return index === 0 ? 'stdout ended' : 'descriptor 3 ended';
});
console.log(JSON.stringify(await Promise.all(ends)));
setInterval(() => undefined, 60_000);
