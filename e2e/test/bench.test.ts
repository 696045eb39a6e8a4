import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isolatedEnvironment, programs, repositoryRoot } from './support/repository.ts';
import { markProcesses } from './support/marked-processes.ts';
import { runProgram } from './support/running-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const names = ['startup', 'tree-end', 'left-behind', 'start-cost', 'idle-cost', 'retry'] as const;

// A few samples of each: it shows that the benchmarks work and clean up, not how fast anything is.
test('every benchmark prints its table and leaves nothing running', async () => {
  const marked = markProcesses();
  const bench = runProgram(
    programs.node,
    ['--conditions=@endwell/source', join(repositoryRoot, 'bench', 'run.ts'), '--small'],
    { cwd: repositoryRoot, env: isolatedEnvironment(await temporaryFolder(), marked.environment) },
  );
  const { code, output } = await bench.ended(200_000);
  expect(code, output).toBe(0);
  for (const name of names) expect(output).toContain(`## ${name}\n`);
  expect(output).not.toContain('NaN');
  await marked.gone(10_000);
});
