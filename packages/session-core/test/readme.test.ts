import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { END_REASONS, SESSION_ERROR_CODES } from '../src/index.ts';
import { scratchFolder } from './scratch-folder.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');

function codeBlocks(language: string): string[] {
  const blocks = readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'));
  return [...blocks].map((match) => match[1] ?? '');
}

/** What is whole; other blocks go on from what the text says. */
const examples = codeBlocks('ts').filter((code) => code.includes("from '@endwell/session-core'"));

it.each(examples.map((code, index) => [index, code] as const))(
  'shows an example that runs and prints what it says (%i)',
  async (index, code) => {
    await using folder = await scratchFolder();
    // Inside the package, so that its own name resolves as it does for a user.
    const program = join(packageFolder, 'test', `readme-example-${process.pid}.ts`);
    writeFileSync(program, code);
    try {
      const result = spawnSync(process.execPath, ['--conditions=@endwell/source', program], {
        encoding: 'utf8',
        env: { ...process.env, ENDWELL_HOME: join(folder.path, 'home') },
      });
      expect(result.stderr).toBe('');
      expect(result.stdout).toBe(index === 0 ? codeBlocks('text')[0] : '');
      expect(result.status).toBe(0);
    } finally {
      rmSync(program);
    }
  },
);

it('names every reason and every code, and none that does not exist', () => {
  const reasons = [...readme.matchAll(/^\| `([a-z_]+)` +\|/gm)].map((match) => match[1]);
  expect(new Set(reasons)).toStrictEqual(new Set(END_REASONS));
  expect(reasons).toHaveLength(END_REASONS.length);
  const codes = [...readme.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map((match) => match[1]);
  expect(codes).toStrictEqual([...SESSION_ERROR_CODES]);
});
