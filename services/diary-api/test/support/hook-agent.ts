/**
 * A stand-in for a coding agent: a process of its own that calls its hooks as agents do, through a shell and
 * with the event on standard input. Reads `{id, command, payload, holdInput}` as JSON lines, answers with
 * `{id, code, stdout, stderr}`, and lives until it is killed.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';

interface HookCall {
  readonly id: number;
  readonly command: string;
  readonly payload: string;
  /** Leaves the hook's standard input open after the event, as Claude Code does on `/clear`. */
  readonly holdInput: boolean;
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { id, command, payload, holdInput } = JSON.parse(line) as HookCall;
  const child = spawn('sh', ['-c', command], { stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  // A hook may be done before it has read all.
  child.stdin.on('error', () => {});
  if (holdInput) child.stdin.write(payload);
  else child.stdin.end(payload);
  child.on('close', (code) => process.stdout.write(`${JSON.stringify({ id, code, stdout, stderr })}\n`));
}
