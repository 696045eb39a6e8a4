import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { startChild, type ChildLines } from './child-lines.ts';
import { scratchFolder, type ScratchFolder } from './scratch-folder.ts';

/** `pnpm soak` takes 16 processes and 100 rounds. */
const openers = Number(process.env['SESSION_CORE_OPENERS'] ?? 8);
const rounds = Number(process.env['SESSION_CORE_OPEN_ROUNDS'] ?? 10);

interface Line {
  readonly type: 'ready' | 'opened';
  readonly path: string;
  readonly failure: string | null;
}

let folder: ScratchFolder;
let children: ChildLines<Line>[] = [];

beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(async () => {
  for (const child of children) child.process.kill('SIGKILL');
  await Promise.all(children.map((child) => child.exited));
  children = [];
  await folder[Symbol.asyncDispose]();
});

it(
  'lets many processes that open a fresh database at the same moment all in',
  { timeout: 900_000 },
  async () => {
    children = Array.from({ length: openers }, (_, index) =>
      startChild<Line>('opener.ts', `opener-${index}`, []),
    );
    await Promise.all(children.map((child) => child.until((lines) => lines.length > 0)));
    for (let round = 0; round < rounds; round += 1) {
      const path = join(folder.path, `round-${round}`, 'endwell.db');
      for (const child of children) child.process.stdin.write(`${path}\n`);
      await Promise.all(children.map((child) => child.until((lines) => lines.length > round + 1)));
    }
    const opened = children.flatMap((child) => child.lines.filter((line) => line.type === 'opened'));
    expect(opened).toHaveLength(openers * rounds);
    expect(opened.filter((line) => line.failure !== null)).toStrictEqual([]);
    console.log(`${openers} processes opened ${rounds} fresh databases together: none failed`);
  },
);
