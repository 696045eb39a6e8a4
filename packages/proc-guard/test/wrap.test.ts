import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { parseJsonc } from '../src/settings/parse-jsonc.ts';
import { parseToml } from '../src/settings/parse-toml.ts';
import { findServers } from '../src/settings/server-entry.ts';
import { serverCommand } from '../src/settings/wrap-server.ts';
import { runCliHere, type CliResult } from './support/run-cli.ts';

const samples = fileURLToPath(new URL('./settings/', import.meta.url));

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'proc-guard-wrap-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const wrap = (...args: string[]): Promise<CliResult> =>
  runCliHere(['wrap', ...args], { env: { HOME: home }, cwd: home });

function put(sample: string, at: string): string {
  const path = join(home, at);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(join(samples, `${sample}.sample`), path);
  return path;
}

const read = (path: string): string => readFileSync(path, 'utf8');

interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** What a client would start, by server name. */
function commandsIn(path: string): Record<string, Command> {
  const servers = findServers(read(path), path.endsWith('.toml') ? 'toml' : 'json');
  return Object.fromEntries(
    servers.flatMap((server) =>
      server.command === undefined
        ? []
        : [[server.path.at(-1) ?? '', serverCommand({ ...server, command: server.command })]],
    ),
  );
}

const guarded = (...command: string[]): unknown => ({
  command: expect.stringMatching(/^\/.*proc-guard(-native)?$/),
  args: ['run', '--', ...command],
});

const clients: readonly (readonly [
  client: string,
  sample: string,
  at: string,
  expected: Record<string, unknown>,
])[] = [
  [
    'Claude Code',
    'claude.json',
    '.claude.json',
    {
      files: guarded('npx', '-y', '@modelcontextprotocol/server-filesystem', '/home/me/a "quoted" folder'),
      bare: guarded('my-server'),
      local: guarded('uvx', 'server', '--db', 'x.db'),
    },
  ],
  [
    'Claude Desktop',
    'claude_desktop_config.json',
    '.config/Claude/claude_desktop_config.json',
    { git: guarded('uvx', 'mcp-server-git') },
  ],
  [
    'Cursor',
    'cursor.json',
    '.cursor/mcp.json',
    {
      one: guarded('node'),
      three: { command: '/opt/bin/proc-guard-native', args: ['run', '--', 'node', 'x.js'] },
    },
  ],
  [
    'VS Code',
    'vscode.json',
    '.vscode/mcp.json',
    { files: guarded('npx', '-y', 'server-files', '${workspaceFolder}'), last: guarded('my-server') },
  ],
  [
    'Codex',
    'codex.toml',
    '.codex/config.toml',
    {
      files: guarded('npx', '-y', 'server-files', '/home/me/a "quoted" folder'),
      'with.dot': guarded('C:\\tools\\server'),
      inline: guarded('node', 'server.js'),
      short: guarded('my-server'),
    },
  ],
];

describe.each(clients)('%s', (_client, sample, at, expected) => {
  test('every local server gets the guard; --undo gives the same bytes back', async () => {
    const path = put(sample, at);
    const original = read(path);
    const done = await wrap('--all', '--yes');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(commandsIn(path)).toEqual(expected);
    expect(read(path).split('\n').length).toBeGreaterThanOrEqual(original.split('\n').length);
    const again = await wrap('--all', '--yes');
    expect(again.stdout).toContain('Nothing to change.');
    const undone = await wrap('--all', '--undo', '--yes');
    expect(undone).toMatchObject({ code: 0, stderr: '' });
    expect(read(path)).toBe(original);
  });

  test('what stands beside the commands stays as it was', async () => {
    const path = put(sample, at);
    const original = read(path).split('\n');
    await wrap(path, '--yes');
    const added = read(path)
      .split('\n')
      .filter((line) => !original.includes(line));
    const removed = original.filter((line) => !read(path).split('\n').includes(line));
    const about = /command|args|"run"|"--"|"npx"|"uvx"/;
    expect([...added, ...removed].filter((line) => !about.test(line))).toEqual([]);
  });

  test('in a file that was changed since, --undo touches the servers only', async () => {
    const path = put(sample, at);
    const original = commandsOf(path);
    await wrap(path, '--yes');
    const changed = at.endsWith('.toml')
      ? `${read(path)}\n[added]\nx = 1\n`
      : read(path).replace('{', '{ "added": 1,');
    writeFileSync(path, changed);
    expect((await wrap(path, '--undo', '--yes')).code).toBe(0);
    expect(commandsOf(path)).toEqual(original);
    expect(read(path)).toContain('added');
  });
});

/** Files as editors on other systems leave them. */
const forms: readonly (readonly [form: string, shape: (text: string) => string])[] = [
  ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['no newline at the end', (text) => text.trimEnd()],
  ['newlines at the end', (text) => `${text.trimEnd()}\n\n`],
  ['a byte order mark', (text) => `\uFEFF${text}`],
  ['a byte order mark and CRLF', (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`],
];

describe.each(clients)('%s, the file with', (_client, sample, at, expected) => {
  test.each(forms)('%s: wrapped in its own way, undone to the byte', async (form, shape) => {
    const path = put(sample, at);
    writeFileSync(path, shape(read(path).replaceAll('\r\n', '\n')));
    const original = readFileSync(path);
    expect(await wrap(path, '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(commandsIn(path)).toEqual(expected);
    const wrapped = read(path);
    expect(wrapped.startsWith('\uFEFF')).toBe(form.includes('mark'));
    // No line has got the other kind of ending.
    expect(new Set(wrapped.match(/\r?\n/g))).toEqual(new Set(original.toString().match(/\r?\n/g)));
    expect(/\s*$/.exec(wrapped)?.[0]).toBe(/\s*$/.exec(original.toString())?.[0]);
    expect((await wrap(path, '--undo', '--yes')).code).toBe(0);
    expect(readFileSync(path)).toEqual(original);
  });
});

const commandsOf = (path: string): unknown => commandsIn(path);

test('a file that its client has written anew in its own way is undone too', async () => {
  const path = put('claude.json', '.claude.json');
  const original = commandsIn(path);
  await wrap(path, '--yes');
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(read(path)) as object), numStartups: 43 }));
  expect((await wrap(path, '--undo', '--yes')).code).toBe(0);
  expect(commandsIn(path)).toEqual(original);
  expect((JSON.parse(read(path)) as { numStartups: number }).numStartups).toBe(43);
});

test('a server that was added later is wrapped too, and --undo still gives everything back', async () => {
  const path = put('cursor.json', '.cursor/mcp.json');
  await wrap(path, '--yes');
  const withMore = (text: string): string =>
    text.replace('{"mcpServers":{', '{"mcpServers":{"more":{"command":"more"},');
  const expected = withMore(read(join(samples, 'cursor.json.sample')));
  writeFileSync(path, withMore(read(path)));
  await wrap(path, '--yes');
  expect(commandsIn(path)['more']).toEqual(guarded('more'));
  expect((await wrap(path, '--undo', '--yes')).code).toBe(0);
  expect(read(path)).toBe(expected);
});

describe('--undo where a server was changed since', () => {
  const rename = (path: string): void => writeFileSync(path, read(path).replace('"one"', '"renamed"'));
  const backup = (): string => {
    const folder = join(home, '.local/state/endwell/wrapped-settings');
    return join(folder, readdirSync(folder).find((name) => name.endsWith('.original')) ?? 'none');
  };

  test('under another name it gets its own command line back', async () => {
    const path = put('cursor.json', '.cursor/mcp.json');
    const original = read(path);
    await wrap(path, '--yes');
    expect(read(backup())).toBe(original);
    rename(path);
    const undone = await wrap(path, '--undo', '--yes');
    expect(undone).toMatchObject({ code: 0, stderr: '' });
    expect(read(path)).toBe(original.replace('"one"', '"renamed"'));
    expect(readdirSync(join(home, '.local/state/endwell/wrapped-settings'))).toEqual([]);
  });

  test('with other arguments it keeps them, and loses the guard', async () => {
    const path = put('codex.toml', '.codex/config.toml');
    const original = read(path);
    const { inline, ...others } = commandsIn(path);
    expect(inline).toEqual({ command: 'node', args: ['server.js'] });
    await wrap(path, '--yes');
    writeFileSync(path, read(path).replace('"server.js"', '"server.js", "--verbose"'));
    expect(await wrap(path, '--undo', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(commandsIn(path)).toEqual({
      ...others,
      inline: { command: 'node', args: ['server.js', '--verbose'] },
    });
    expect(original).not.toContain('--verbose');
  });

  test('one that is gone, or has got a command of its own, needs nothing', async () => {
    const path = put('cursor.json', '.cursor/mcp.json');
    await wrap(path, '--yes');
    writeFileSync(path, '{"mcpServers":{}}');
    const gone = await wrap(path, '--undo', '--yes');
    expect(gone.code).toBe(0);
    expect(gone.stdout).toContain('one: it is not in the file any more, so there is nothing to undo');
    writeFileSync(path, '{"mcpServers":{"one":{"command":"mine"}}}');
    const own = await wrap(path, '--undo', '--yes');
    expect(own.code).toBe(0);
    expect(own.stdout).toContain('one: its command was changed since and has no guard, so it stays');
    expect(commandsIn(path)['one']).toEqual({ command: 'mine', args: [] });
  });

  test('where the guard stands in a way that is not ours, it says what to write, names the backup and keeps it', async () => {
    const path = put('cursor.json', '.cursor/mcp.json');
    const original = read(path);
    await wrap(path, '--yes');
    writeFileSync(path, read(path).replace('"run"', '"exec"'));
    const { code, stdout } = await wrap(path, '--undo', '--yes');
    expect(code).toBe(1);
    expect(stdout).toContain(
      `one: its command was changed since; to undo it by hand, give it back command "node" and args [] (the file as it was: ${backup()})`,
    );
    expect(read(backup())).toBe(original);
  });
});

test('without --yes and without a terminal it only shows, and leaves no trace', async () => {
  const path = put('cursor.json', '.cursor/mcp.json');
  const { code, stdout } = await wrap('--all');
  expect(code).toBe(0);
  expect(stdout).toContain('- node');
  expect(stdout).toMatch(/\+ \S*proc-guard\S* run -- node/);
  expect(stdout).toContain('two: it is no local process');
  expect(stdout).toContain('three: it is guarded already');
  expect(stdout).toContain('Nothing was changed.');
  expect(read(path)).toBe(read(join(samples, 'cursor.json.sample')));
  expect(readdirSync(home)).toEqual(['.cursor']);
});

test('a guard that has moved is found again, and --undo still gives the same bytes', async () => {
  const path = put('codex.toml', '.codex/config.toml');
  const original = read(path);
  await wrap(path, '--yes');
  const guard = commandsIn(path)['short']?.command ?? '';
  // As a package manager does that keeps each version in a folder of its own.
  const record = readdirSync(join(home, '.local/state/endwell/wrapped-settings'))[0] ?? '';
  const recordPath = join(home, '.local/state/endwell/wrapped-settings', record);
  const old = '/opt/proc-guard@1.0.0/bin/proc-guard-native';
  writeFileSync(path, read(path).replaceAll(guard, old));
  writeFileSync(recordPath, read(recordPath).replaceAll(guard, old));
  const again = await wrap(path, '--yes');
  expect(again.stdout).toContain(`- ${old} run -- my-server`);
  expect(commandsIn(path)['short']).toEqual(guarded('my-server'));
  expect(commandsIn(path)['short']?.command).toBe(guard);
  expect((await wrap(path, '--undo', '--yes')).code).toBe(0);
  expect(read(path)).toBe(original);
});

test('at a terminal it asks, and does what the answer says', async () => {
  const path = put('cursor.json', '.cursor/mcp.json');
  const surroundings = { env: { HOME: home }, cwd: home };
  const declined = await runCliHere(['wrap', '--all'], { ...surroundings, answer: false });
  expect(declined.stdout).toContain('Nothing was changed.');
  expect(read(path)).toBe(read(join(samples, 'cursor.json.sample')));
  await runCliHere(['wrap', '--all'], { ...surroundings, answer: true });
  expect(commandsIn(path)['one']).toEqual(guarded('node'));
});

test('an empty home stays empty', async () => {
  expect(await wrap('--all', '--yes')).toMatchObject({ code: 0, stdout: 'Nothing to change.\n' });
  expect(readdirSync(home)).toEqual([]);
});

test('permissions and a symbolic link stay; the record of originals is for the user only', async () => {
  const real = put('cursor.json', 'dotfiles/mcp.json');
  chmodSync(real, 0o640);
  mkdirSync(join(home, '.cursor'));
  const link = join(home, '.cursor/mcp.json');
  symlinkSync(real, link);
  await wrap('--all', '--yes');
  expect(statSync(real).mode & 0o777).toBe(0o640);
  expect(commandsIn(link)['one']).toEqual(guarded('node'));
  const folder = join(home, '.local/state/endwell/wrapped-settings');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([
    0o600, 0o600,
  ]);
  await wrap('--all', '--undo', '--yes');
  expect(readdirSync(folder)).toEqual([]);
  expect(readdirSync(join(home, '.cursor'))).toEqual(['mcp.json']);
});

test('a file that cannot be read is named with its line, the others are done, and the exit code says so', async () => {
  const good = put('cursor.json', '.cursor/mcp.json');
  const bad = join(home, '.mcp.json');
  writeFileSync(bad, '{\n  "mcpServers": {\n    "x": { "command": }\n  }\n}\n');
  const { code, stderr } = await wrap('--all', '--yes');
  expect(code).toBe(1);
  expect(stderr).toBe(`proc-guard: ${bad}: line 3: a value was expected\n`);
  expect(commandsIn(good)['one']).toEqual(guarded('node'));
  expect(await wrap(join(home, 'missing.json'))).toMatchObject({ code: 1 });
});

test.each([[[]], [['--all', 'x.json']]])('%j is refused', async (args) => {
  expect(await wrap(...args)).toMatchObject({
    code: 2,
    stderr: 'proc-guard: wrap: give either --all or the FILEs to change (see proc-guard wrap --help)\n',
  });
});

test.each([
  '',
  '{',
  '[1, 2',
  '{"a" 1}',
  '{"a": "b}',
  '{"a": 1} x',
  '{a: 1}',
  '/* no end',
  '{"a": "\\q"}',
  '{"a": 1 "b": 2}',
])('%j is no JSON', (text) => {
  expect(() => parseJsonc(text)).toThrow(/^line 1: /);
});

test.each(['a', 'a =', 'a = [1, 2', 'a = "b', '[a', 'a = { b = 1', 'a = 1 b = 2', 'a = "\\q"', '= 1'])(
  '%j is no TOML',
  (text) => {
    expect(() => parseToml(text)).toThrow(/^line 1: /);
  },
);
