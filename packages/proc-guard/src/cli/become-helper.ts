import { spawn } from 'node:child_process';

import { forwardedSignals } from './forwarded-signals.ts';
import type { CliContext } from './command.ts';

/**
 * Hands this process over to the native helper. Where Node cannot replace itself (before 22.15),
 * the helper runs as a child that watches the same client.
 */
export async function becomeHelper(
  helper: string,
  args: readonly string[],
  context: CliContext,
): Promise<number> {
  if (typeof process.execve === 'function') {
    process.execve(helper, [helper, ...args], definedOnly(context.env));
  }
  const child = spawn(helper, [...args], { stdio: 'inherit' });
  for (const signal of forwardedSignals) process.on(signal, () => child.kill(signal));
  const exit = await new Promise<{ code: number } | { signal: NodeJS.Signals }>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve(signal === null ? { code: code ?? 1 } : { signal }));
    child.once('error', reject);
  });
  context.exitAs(exit);
  return 0;
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
