/**
 * A stand-in for a coding agent: reads its settings as agents do and calls the hooks that they name, through a
 * shell and with the event on standard input. Given one JSON line for each event, it answers with the exit code.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

interface Settings {
  readonly hooks: Readonly<
    Record<string, readonly { readonly hooks: readonly { readonly command: string }[] }[]>
  >;
}

const settingsFile = process.argv[2] ?? '';
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const event = JSON.parse(line) as { readonly hook_event_name: string };
  const { hooks } = JSON.parse(readFileSync(settingsFile, 'utf8')) as Settings;
  for (const group of hooks[event.hook_event_name] ?? []) {
    for (const { command } of group.hooks) {
      // Without the shell's PATH, as an agent that was started from a desktop has it.
      const child = spawn('/bin/sh', ['-c', command], {
        env: { HOME: process.env['HOME'], PATH: '/nowhere' },
        stdio: ['pipe', 'inherit', 'inherit'],
      });
      child.stdin.end(line);
      child.on('close', (code) => process.stdout.write(`${event.hook_event_name} ${code}\n`));
    }
  }
}
