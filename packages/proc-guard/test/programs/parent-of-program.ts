/** Starts a command with the given stdio, and lives until it is killed. Its own stdout is the command's. */
import { spawn } from 'node:child_process';

const [stdin = '', ...command] = process.argv.slice(2);
const [program = '', ...args] = command;
const ipc = stdin === 'ipc';
const child = spawn(program, args, {
  stdio: ipc
    ? ['ignore', 'inherit', 'inherit', 'ipc']
    : [stdin === 'pipe' ? 'pipe' : 'ignore', 'inherit', 'inherit'],
});
process.stdin.on('data', (chunk: Buffer) => {
  const order = chunk.toString().trim();
  if (order === 'end stdin') child.stdin?.end();
  if (order === 'disconnect') child.disconnect();
  if (order === 'signal') child.kill('SIGTERM');
});
setInterval(() => undefined, 60_000);
