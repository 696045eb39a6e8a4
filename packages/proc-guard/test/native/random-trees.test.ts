import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { notRun, whyNot } from './support/native-helper.ts';
import { runTreeTrial } from './support/tree-trial.ts';
import { testPrograms } from './support/test-programs.ts';
import { firstSeed, trialCount, trialsTimeoutMs } from './support/trials.ts';

describe.skipIf(whyNot !== undefined)(`random trees${notRun}`, () => {
  const programs = testPrograms('client', 'random-tree');
  beforeAll(programs.compile);
  afterAll(programs.remove);

  const count = trialCount(1);
  test(
    `the client killed with SIGKILL, ${count} times from seed ${firstSeed}: nothing survives`,
    async () => {
      for (let trial = 0; trial < count; trial += 1) {
        const seed = firstSeed + trial;
        const left = await runTreeTrial({ seed, programs, flags: [], victim: 'client' });
        expect(left, `survivors of seed ${seed}`).toEqual([]);
      }
    },
    trialsTimeoutMs(count),
  );
});
