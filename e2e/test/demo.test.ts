import { describe, expect, test } from 'vitest';
import { markProcesses } from './support/marked-processes.ts';
import { isolatedEnvironment, repositoryRoot } from './support/repository.ts';
import { runProgram } from './support/running-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

async function demo(...args: string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const marked = markProcesses();
  const program = runProgram('npm', ['run', '--silent', 'demo', '--', ...args], {
    cwd: repositoryRoot,
    env: isolatedEnvironment(await temporaryFolder(), marked.environment),
  });
  const end = await program.ended();
  await marked.gone(10_000);
  return end;
}

describe('npm run demo', () => {
  test('20 of 20 sessions have exactly one end, and nothing is left', async () => {
    const { code, output } = await demo();
    expect(code, output).toBe(0);
    expect(output).toMatch(/20 of 20/);
    expect(output).toMatch(/\b0 orphan/);
  });

  test('--no-guard, the control, shows orphans', async () => {
    const { code, output } = await demo('--no-guard');
    expect(code, output).toBe(0);
    expect(output).toMatch(/\b[1-9]\d* orphan/);
  });
});
