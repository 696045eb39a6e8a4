import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** A program of `fixtures/` that says what it did, one JSON object a line, until its stdin ends. */
export interface ChildLines<Line> {
  readonly name: string;
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: Line[];
  readonly exited: Promise<unknown>;
  /** Resolves when the lines are as they should be; rejects when the child ends before. */
  until(holds: (lines: readonly Line[]) => boolean): Promise<void>;
}

export function startChild<Line>(program: string, name: string, args: readonly string[]): ChildLines<Line> {
  const path = fileURLToPath(new URL(`fixtures/${program}`, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@endwell/source', path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // A child that was killed takes no more input.
  child.stdin.on('error', () => {});
  const lines: Line[] = [];
  const waiting = new Set<{ holds: (lines: readonly Line[]) => boolean; resolve: () => void }>();
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (text) => {
    lines.push(JSON.parse(text) as Line);
    for (const each of waiting) {
      if (!each.holds(lines)) continue;
      waiting.delete(each);
      each.resolve();
    }
  });
  const exited = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  return {
    name,
    process: child,
    lines,
    exited,
    async until(holds) {
      if (holds(lines)) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add({ holds, resolve });
      await Promise.race([promise, exited]);
      if (!holds(lines)) throw new Error(`${name} exited after ${lines.length} lines`);
    },
  };
}
