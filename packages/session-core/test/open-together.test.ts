import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

import { scratchFolder } from './scratch-folder.ts';

const openers = 8;
const rounds = 60;

test('many that open a fresh database at the same moment all get in', async () => {
  await using folder = await scratchFolder();
  const paths = Array.from({ length: rounds }, (_, round) =>
    join(folder.path, `round-${round}`, 'endwell.db'),
  );
  const gate = new SharedArrayBuffer(4);
  const workers = Array.from(
    { length: openers },
    () =>
      new Worker(new URL('./fixtures/opener.ts', import.meta.url), {
        workerData: { paths, gate, count: openers },
        execArgv: ['--conditions=@endwell/source', '--no-warnings'],
      }),
  );
  const failures = await Promise.all(
    workers.map(async (worker) => {
      const [said] = (await once(worker, 'message')) as [string[]];
      return said;
    }),
  );
  expect(failures.flat()).toEqual([]);
});
