import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** How vitest marks a failed test or file, and the first line of why. */
const failure = /(?:^|\s)(?:FAIL\s.+|(?:\w*Error|Caused by): .+|# (?:Fatal error|Check failed).+)$/;
const maxFailures = 40;
const maxLength = 300;

/** Runs a program, passes on what it says, and keeps the lines that name a failed test. */
export async function runAndCollect(
  command: string,
  args: readonly string[],
): Promise<{ readonly passed: boolean; readonly failures: readonly string[] }> {
  const failures = new Set<string>();
  const pass = async (from: Readable, to: Writable): Promise<void> => {
    for await (const line of createInterface({ input: from })) {
      to.write(`${line}\n`);
      const found = failure.exec(stripVTControlCharacters(line))?.[0].trim();
      if (found !== undefined && failures.size < maxFailures) failures.add(found.slice(0, maxLength));
    }
  };
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise<boolean>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0));
  });
  const [passed] = await Promise.all([
    closed,
    pass(child.stdout, process.stdout),
    pass(child.stderr, process.stderr),
  ]);
  return { passed, failures: passed ? [] : [...failures] };
}
