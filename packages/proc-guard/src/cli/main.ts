import { createInterface } from 'node:readline/promises';

import { runCli } from './run-cli.ts';
import { exitAsCommand } from '../guard-fallback/exit-as-command.ts';

async function confirmOnTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  confirm: process.stdin.isTTY && process.stderr.isTTY ? confirmOnTerminal : undefined,
  env: process.env,
  cwd: process.cwd(),
  exitAs: exitAsCommand,
});
