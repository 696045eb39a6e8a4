import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDiary } from '../support/diary-process.ts';
import { fixture } from '../support/transcripts.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const settings = '{\n  // mine\n  "model": "x"\n}\n';
const servers = '{"numStartups": 3,\n "mcpServers": { "other": {"command": "other"} } }';

async function homeWithAgents(): Promise<string> {
  const home = await temporaryHome();
  await mkdir(join(home, '.claude', 'projects', 'atlas'), { recursive: true });
  await mkdir(join(home, '.codex'));
  await writeFile(join(home, '.claude', 'settings.json'), settings, { mode: 0o640 });
  await writeFile(join(home, '.claude.json'), servers);
  await copyFile(fixture('turns.jsonl'), join(home, '.claude', 'projects', 'atlas', 'one.jsonl'));
  return home;
}

test(
  'init shows, changes after a yes, imports, changes nothing twice; uninstall gives every byte back',
  { timeout: 180_000 },
  async () => {
    const home = await homeWithAgents();
    const claude = join(home, '.claude', 'settings.json');
    const codex = join(home, '.codex', 'hooks.json');

    const shown = await runDiary(['init'], { home });
    expect(shown, shown.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain(claude);
    expect(shown.stdout).toContain('Nothing was changed');
    expect(await readFile(claude, 'utf8')).toBe(settings);
    expect(await readdir(home)).toEqual(['.claude', '.claude.json', '.codex']);
    expect(shown.stdout).toContain('  MCP server endwell\n    + /');
    expect(await readFile(join(home, '.claude.json'), 'utf8')).toBe(servers);

    const done = await runDiary(['init', '--yes'], { home });
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect(done.stdout).toContain('Changed 2 files.');
    expect(done.stdout).toContain('1 file, 1 session, 7 entries; 7 new');
    const changed = await readFile(claude, 'utf8');
    expect(changed).toContain('// mine');
    for (const event of ['SessionStart', 'Stop', 'SubagentStop', 'SessionEnd'])
      expect(changed).toContain(`"${event}"`);
    expect(changed).not.toContain('UserPromptSubmit');
    expect(changed).toMatch(/"command": "\/\S+ \/\S+diary-hook\.cjs --agent claude-code --home \S+data"/);
    expect((await stat(claude)).mode & 0o777).toBe(0o640);
    expect(await readFile(codex, 'utf8')).toContain('--agent codex');
    const { mcpServers } = JSON.parse(await readFile(join(home, '.claude.json'), 'utf8')) as {
      mcpServers: Record<string, { command: string; args: string[] }>;
    };
    expect(Object.keys(mcpServers)).toEqual(['other', 'endwell']);
    const { command, args } = mcpServers['endwell'] ?? { command: '', args: [] };
    expect(await readFile(join(home, '.codex', 'config.toml'), 'utf8')).toBe(
      `[mcp_servers.endwell]\ncommand = ${JSON.stringify(command)}\nargs = [ ${args.map((word) => JSON.stringify(word)).join(', ')} ]\n`,
    );

    const again = await runDiary(['init', '--yes'], { home });
    expect(again.stdout).toContain('has the hooks already');
    expect(again.stdout).toContain('has the MCP server already');
    expect(await readFile(claude, 'utf8')).toBe(changed);

    const listed = await runDiary(['uninstall'], { home });
    expect(listed.stdout).toContain('Nothing was changed');
    expect(await readFile(claude, 'utf8')).toBe(changed);
    const gone = await runDiary(['uninstall', '--yes'], { home });
    expect(gone, gone.stderr).toMatchObject({ code: 0 });
    expect(gone.stdout).toContain('The recorded sessions stay in');
    expect(await readFile(claude, 'utf8')).toBe(settings);
    expect(await readFile(join(home, '.claude.json'), 'utf8')).toBe(servers);
    expect(await readdir(join(home, '.codex'))).toEqual([]);
    expect((await readdir(join(home, 'data'))).every((name) => name.startsWith('endwell.db'))).toBe(true);

    const purged = await runDiary(['uninstall', '--purge', '--yes'], { home });
    expect(purged, purged.stderr).toMatchObject({ code: 0 });
    expect(await readdir(home)).toEqual(['.claude', '.claude.json', '.codex']);
    expect((await runDiary(['uninstall'], { home })).stdout).toBe('There is nothing to take away.\n');
  },
);

test('from settings that were changed since, only what is ours goes', async () => {
  const home = await homeWithAgents();
  const claude = join(home, '.claude', 'settings.json');
  expect(
    (await runDiary(['init', '--agent', 'claude-code', '--live', '--yes', '--no-import'], { home })).code,
  ).toBe(0);
  const changed = (await readFile(claude, 'utf8')).replace('"model": "x"', '"model": "y"');
  expect(changed).toContain('PostToolUse');
  await writeFile(claude, changed);
  // An agent writes this file all the time.
  const state = await readFile(join(home, '.claude.json'), 'utf8');
  expect(state).toContain('endwell');
  await writeFile(join(home, '.claude.json'), state.replace('"numStartups": 3', '"numStartups": 4'));
  expect((await runDiary(['uninstall', '--yes'], { home })).code).toBe(0);
  expect(await readFile(claude, 'utf8')).toBe(settings.replace('"x"', '"y"'));
  const left = await readFile(join(home, '.claude.json'), 'utf8');
  expect(JSON.parse(left)).toEqual({ numStartups: 4, mcpServers: { other: { command: 'other' } } });
});

test('the MCP server is left out when it is not wanted, or where its file is not understood', async () => {
  const home = await homeWithAgents();
  const without = await runDiary(['init', '--yes', '--no-import', '--no-mcp'], { home });
  expect(without, without.stderr).toMatchObject({ code: 0 });
  expect(without.stdout).not.toContain('MCP');
  expect(await readFile(join(home, '.claude.json'), 'utf8')).toBe(servers);
  await writeFile(join(home, '.codex', 'config.toml'), 'model = \n');
  const partly = await runDiary(['init', '--yes', '--no-import'], { home });
  expect(partly, partly.stderr).toMatchObject({ code: 0 });
  expect(partly.stdout).toContain('Codex: the MCP server cannot be added.');
  expect(await readFile(join(home, '.claude.json'), 'utf8')).toContain('endwell');
  expect(await readFile(join(home, '.codex', 'config.toml'), 'utf8')).toBe('model = \n');
  expect((await runDiary(['uninstall', '--yes'], { home })).code).toBe(0);
  expect(await readFile(join(home, '.claude.json'), 'utf8')).toBe(servers);
});

test('settings that cannot be understood stay as they are, and a home without agents is told so', async () => {
  const home = await homeWithAgents();
  const claude = join(home, '.claude', 'settings.json');
  await writeFile(claude, '{"hooks": ');
  const end = await runDiary(['init', '--yes'], { home });
  expect(end.code).toBe(1);
  expect(end.stderr).toContain('SETTINGS_INVALID');
  expect(await readFile(claude, 'utf8')).toBe('{"hooks": ');
  const empty = await temporaryHome();
  expect((await runDiary(['init'], { home: empty })).stderr).toContain('No coding agent was found');
  expect(await readdir(empty)).toEqual([]);
});
