import { expect, test } from 'vitest';

import * as api from '../src/index.ts';

test('the public surface is what it says', () => {
  expect(Object.keys(api).toSorted((left, right) => left.localeCompare(right, 'en'))).toMatchInlineSnapshot(`
    [
      "CircuitOpenError",
      "createCircuitBreaker",
      "createRetryBudget",
      "createShutdown",
      "createSpawnGovernor",
      "createSupervisor",
      "currentIdentity",
      "describeSupport",
      "executeReap",
      "findClient",
      "formatIdentity",
      "inspectProcesses",
      "isAlive",
      "isExiting",
      "isInShutdown",
      "isProcGuardError",
      "onParentExit",
      "parseIdentity",
      "planReap",
      "processAgeMs",
      "ProcGuardError",
      "readIdentity",
      "retry",
      "retryCeilings",
      "RetryError",
      "sameIdentity",
      "spawnGuarded",
      "SpawnRefusedError",
      "tieToParent",
      "watchProcess",
    ]
  `);
});
