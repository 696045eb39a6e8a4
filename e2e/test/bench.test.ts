import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isolatedEnvironment, programs, repositoryRoot } from './support/repository.ts';
import { markProcesses } from './support/marked-processes.ts';
import { runProgram } from './support/running-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

// A few samples of each: it shows that the benchmarks work and clean up, not how fast anything is.
test('every benchmark prints its table and leaves nothing running', { timeout: 900_000 }, async () => {
  const marked = markProcesses();
  const home = await temporaryFolder();
  // Started by root, PostgreSQL runs as a user of its own and has to get to its folder in there.
  await chmod(home, 0o711);
  const bench = (...args: string[]): ReturnType<typeof runProgram> =>
    runProgram(
      programs.node,
      ['--conditions=@endwell/source', join(repositoryRoot, 'bench', 'run.ts'), ...args],
      { cwd: repositoryRoot, env: isolatedEnvironment(home, marked.environment) },
    );
  const list = await bench('--list').ended(20_000);
  expect(list.code, list.output).toBe(0);
  const names = list.output.trim().split('\n');
  expect(names.length).toBeGreaterThan(5);

  const { code, output } = await bench('--small').ended(840_000);
  expect(code, output).toBe(0);
  for (const name of names) expect(output).toContain(`## ${name}\n`);
  expect(output).not.toContain('NaN');
  await marked.gone(10_000);
});
