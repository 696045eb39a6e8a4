import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { exitCodeTable } from '../src/cli/exit-codes.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');

interface Block {
  readonly language: string;
  readonly code: string;
}

const blocks: readonly Block[] = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
  ([, language = '', code = '']) => ({
    language,
    code,
  }),
);

interface Result {
  readonly code: number;
  readonly output: string;
}

function run(
  file: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(file, [...args], { ...options, timeout: 30_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, output: stdout + stderr });
    });
    child.stdin?.end();
  });
}

describe('the README’s programs run', () => {
  let folder = '';
  beforeAll(() => {
    // Inside the package, so that its own name resolves.
    folder = mkdtempSync(join(packageFolder, 'test', 'readme-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const programs = blocks.flatMap(({ language, code }, index) =>
    language === 'ts' ? [{ index, code, expected: blocks[index + 1]?.code ?? '' }] : [],
  );
  test('there are some', () => expect(programs.length).toBeGreaterThanOrEqual(5));

  test.each(programs)('program $index prints what stands below it', async ({ index, code, expected }) => {
    const file = join(folder, `program-${index}.ts`);
    writeFileSync(file, code);
    const result = await run(process.execPath, ['--conditions=@endwell/source', file], {
      cwd: folder,
      env: process.env,
    });
    expect(result).toEqual({ code: 0, output: expected });
  });

  test('the tied server says the same with </dev/null and Ctrl-C', async () => {
    const { code, expected } = programs.find(({ code }) => code.includes('tieToParent()')) ?? fail();
    const file = join(folder, 'tied.ts');
    writeFileSync(file, code);
    const child = spawn(process.execPath, ['--conditions=@endwell/source', file], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.once('data', () => child.kill('SIGINT'));
    const [said, end] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect({ said, end }).toEqual({ said: expected, end: [0, null] });
  });
});

function fail(): never {
  throw new Error('The README has no such program.');
}

describe('the README’s commands run', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'proc-guard-readme-'));
    const main = join(packageFolder, 'src/main.ts');
    writeFileSync(join(home, 'proc-guard'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    // A stand-in for a program that is not part of this repository.
    writeFileSync(join(home, 'claude'), '#!/bin/sh\necho the agent ran\n');
    for (const name of ['proc-guard', 'claude']) chmodSync(join(home, name), 0o755);
    copyFileSync(join(packageFolder, 'test/settings/cursor.json.sample'), join(home, '.mcp.json'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const commands = blocks
    .filter(({ language, code }) => language === 'sh' && !code.startsWith('npm install'))
    .flatMap(({ code }) => code.trim().split('\n'));
  test('there are some', () => expect(commands.length).toBeGreaterThanOrEqual(4));

  test.each(commands)('%s', async (command) => {
    const before = readdirSync(home);
    const env = { HOME: home, PATH: `${home}:${process.env['PATH']}` };
    const result = await run('sh', ['-c', command], { cwd: home, env });
    expect(result.code).toBe(0);
    expect(result.output).not.toBe('');
    // Without --yes nothing is changed.
    expect(readdirSync(home)).toEqual(before);
  });
});

test('the tables of exit codes and of error codes are those of the code', () => {
  for (const [code, meaning] of exitCodeTable) {
    expect(readme).toMatch(new RegExp(`^\\| ${escape(code)} +\\| ${escape(meaning)} +\\|$`, 'm'));
  }
  const source = readFileSync(join(packageFolder, 'src/errors/proc-guard-error.ts'), 'utf8');
  const inSource = [...source.matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code);
  const inReadme = [...readme.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, code]) => code);
  expect(inSource.length).toBeGreaterThan(10);
  expect(inReadme).toEqual(inSource);
});

function escape(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
