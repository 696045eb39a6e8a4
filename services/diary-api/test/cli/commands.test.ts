import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settings } from '../../src/config/settings.ts';
import { runDiary } from '../support/diary-process.ts';
import { fixture } from '../support/transcripts.ts';
import { temporaryHome } from '../support/temporary-home.ts';

test('help lists the commands with examples, and those of a command its settings', async () => {
  const home = await temporaryHome();
  for (const args of [[], ['--help']]) {
    const help = await runDiary(args, { home });
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const word of [
      'serve',
      'import',
      'sessions',
      'doctor',
      'init',
      'hook',
      'search',
      'Examples:',
      'Exit codes',
    ]) {
      expect(help.stdout).toContain(word);
    }
  }
  const serve = await runDiary(['serve', '--help'], { home });
  expect(serve.code).toBe(0);
  for (const { flag, variable } of Object.values(settings)) {
    // A secret has no flag.
    expect(serve.stdout).toContain(flag === null ? variable : `--${flag} `);
    expect(serve.stdout).toContain(variable);
  }
  expect((await runDiary(['--version'], { home })).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  expect(await readdir(home)).toEqual([]);
});

test('to look creates nothing: an empty home stays empty', async () => {
  const home = await temporaryHome();
  const list = await runDiary(['sessions', 'list', '--json'], { home });
  expect(list.code).toBe(0);
  expect(JSON.parse(list.stdout)).toEqual({ sessions: [], nextCursor: null });
  expect((await runDiary(['doctor'], { home })).code).toBe(0);
  const show = await runDiary(['sessions', 'show', 'ses_x'], { home });
  expect(show.code).toBe(1);
  expect(show.stderr).toContain('SESSION_NOT_FOUND');
  expect(await readdir(home)).toEqual([]);
});

test(
  'what was imported is listed, shown and examined, and cannot be ended again',
  { timeout: 180_000 },
  async () => {
    const home = await temporaryHome();
    const imported = await runDiary(['import', 'transcripts', fixture('turns.jsonl')], { home });
    expect(imported, imported.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(imported.stdout).toContain('1 file, 1 session, 7 entries; 7 new, 0 known already.');
    expect(imported.stdout).toContain('turns.jsonl line 11 and 1 more line.');

    const list = await runDiary(['sessions', 'list'], { home });
    expect(list.stdout).toContain('imported');
    expect(list.stdout).toContain('/home/ada/atlas');
    const title = 'The tests fail. Can you look?';
    expect(list.stdout).toContain(title);
    const { sessions } = JSON.parse((await runDiary(['sessions', 'list', '--json'], { home })).stdout) as {
      sessions: { id: string; title: string }[];
    };
    const id = sessions[0]?.id ?? '';
    expect(sessions[0]?.title).toContain(title);

    const shown = await runDiary(['sessions', 'show', id], { home });
    expect(shown.stdout).toContain('Bash: npm test');
    expect(shown.stdout).toContain(`Title:       ${title}`);
    // Text of a transcript cannot drive the terminal.
    expect(shown.stdout).not.toContain('\u001b');
    const json = JSON.parse((await runDiary(['sessions', 'show', id, '--json'], { home })).stdout) as {
      entries: { type: string }[];
    };
    expect(json.entries).toHaveLength(7);

    const ended = await runDiary(['sessions', 'end', id], { home });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('SESSION_ENDED');

    const found = JSON.parse((await runDiary(['search', 'npm', 'test', '--json'], { home })).stdout) as {
      hits: { entry: { text: string } }[];
    };
    expect(found.hits.map(({ entry }) => entry.text)).toContain('Bash: npm test');
    expect((await runDiary(['search', 'nothing-has-this'], { home })).stdout).toBe('Nothing was found.\n');
    const markdown = await runDiary(['export', '--format', 'markdown', '--session', id], { home });
    expect(markdown.stdout).toContain(`# Session ${id}`);
    expect(markdown.stdout).toContain('Bash: npm test');
    const file = join(home, 'export.jsonl');
    const exported = await runDiary(['export', '--output', file], { home });
    expect(exported).toMatchObject({ code: 0, stdout: `1 session, 7 entries in ${file}.\n`, stderr: '' });
    const elsewhere = { home, env: { ENDWELL_HOME: join(home, 'elsewhere') } };
    expect((await runDiary(['import', 'jsonl', file], elsewhere)).stdout).toContain('7 new');
    expect((await runDiary(['import', 'jsonl', file], elsewhere)).stdout).toContain('0 new');
    const day = await runDiary(['today', '--date', '2026-03-01'], { home, env: { TZ: 'UTC' } });
    expect(day.stdout).toContain('Sunday, March 1, 2026: 1 session, 7 entries.');
    expect(day.stdout).toContain('imported 1');
    expect(day.stdout).toContain(title);
    expect((await runDiary(['sessions', 'sweep'], { home })).stdout).toBe('There was nothing to end.\n');
  },
);

test('a token is shown once, listed without its secret, and revoked', async () => {
  const home = await temporaryHome();
  expect((await runDiary(['token', 'list'], { home })).stdout).toBe('There are no tokens.\n');
  expect(await readdir(home)).toEqual([]);
  const made = await runDiary(
    ['token', 'create', 'the build', '--scope', 'write', '--expires', '30d', '--json'],
    {
      home,
    },
  );
  const { id, secret, scopes } = JSON.parse(made.stdout) as { id: string; secret: string; scopes: string[] };
  expect(scopes).toEqual(['write']);
  const list = await runDiary(['token', 'list'], { home });
  expect(list.stdout).toContain('the build');
  expect(list.stdout).not.toContain(secret);
  expect((await runDiary(['token', 'revoke', id], { home })).code).toBe(0);
  expect((await runDiary(['token', 'list'], { home })).stdout).toContain('revoked');
  expect((await runDiary(['token', 'revoke', 'none'], { home })).stderr).toContain('TOKEN_NOT_FOUND');
});

test('redact shows what would be stored, and import tells a file that is no transcript', async () => {
  const home = await temporaryHome();
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const redacted = await runDiary(['redact', `token ${secret} here`], { home });
  expect(redacted.code).toBe(0);
  expect(redacted.stdout).toBe('token [redacted:github-token] here\n');
  expect(redacted.stderr).toContain('1 secret would be taken out: github-token 1.');
  const letter = join(home, 'letter.txt');
  await writeFile(letter, 'Dear Ada\n\nAll is well.\n'.repeat(50));
  const imported = await runDiary(['import', 'transcripts', letter], { home });
  expect(imported.code).toBe(1);
  expect(imported.stderr).toBe(
    `diary: IMPORT_WRONG_FORMAT: ${letter} is no transcript of Claude Code or Codex.\n`,
  );
  expect(imported.stdout.split('\n').length).toBeLessThan(5);
});
