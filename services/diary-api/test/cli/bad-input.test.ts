import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { type DiaryEnd, runDiary } from '../support/diary-process.ts';
import { temporaryHome } from '../support/temporary-home.ts';

function expectComplaint(end: DiaryEnd, code: string, exitCode: number): void {
  expect(end.code, end.stderr).toBe(exitCode);
  expect(end.stdout).toBe('');
  expect(end.stderr).toMatch(/^[^\n]+\n$/);
  expect(end.stderr.startsWith(`diary: ${code}: `), end.stderr).toBe(true);
  expect(end.stderr).not.toMatch(/\bat .*:\d+/);
}

test.for([
  [['serve', '--no-such-flag'], 'INVALID_ARGUMENT', '--no-such-flag'],
  [['serve', '--prt', '1'], 'INVALID_ARGUMENT', 'Did you mean --port?'],
  [['serve', 'surplus'], 'INVALID_ARGUMENT', 'too many arguments'],
  [['no-such-command'], 'INVALID_ARGUMENT', 'no-such-command'],
  [['sessions'], 'INVALID_ARGUMENT', 'command is missing'],
  [['sessions', 'list', '--state', 'odd'], 'INVALID_ARGUMENT', '--state'],
  [['sessions', 'list', '--limit', '0'], 'INVALID_ARGUMENT', '--limit'],
  [['import', 'transcripts'], 'INVALID_ARGUMENT', 'path'],
  [
    ['serve', '--port', '70000'],
    'INVALID_CONFIG',
    '--port must be a whole number from 0 to 65535, not "70000"',
  ],
  [['serve', '--log-level', 'loud'], 'INVALID_CONFIG', '--log-level'],
  [['serve', '--home', 'relative'], 'INVALID_CONFIG', '--home must be an absolute path'],
  [['serve', '--host', '0.0.0.0'], 'TOKEN_REQUIRED', '0.0.0.0'],
  [['serve', '--host', '::'], 'TOKEN_REQUIRED', '::'],
  [['serve', '--host', 'diary.example'], 'TOKEN_REQUIRED', 'diary.example'],
] as const)('%j is %s in one sentence, and nothing is written', async ([args, code, words]) => {
  const home = await temporaryHome();
  const end = await runDiary(args, { home });
  expectComplaint(end, code, 2);
  expect(end.stderr).toContain(words);
  expect(await readdir(home)).toEqual([]);
});

test.for([
  ['DIARY_API_PORT', 'eighty'],
  ['DIARY_API_HOST', 'a host'],
  ['ENDWELL_LOG_LEVEL', 'loud'],
  ['ENDWELL_HOME', 'relative'],
] as const)('a wrong %s is named', async ([variable, value]) => {
  const home = await temporaryHome();
  const end = await runDiary(['serve'], { home, env: { [variable]: value } });
  expectComplaint(end, 'INVALID_CONFIG', 2);
  expect(end.stderr).toContain(`${variable} must be`);
  expect(end.stderr).toContain(JSON.stringify(value));
});

test('a busy port names the address and what to do', async () => {
  const home = await temporaryHome();
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const end = await runDiary(['serve', '--port', String(port)], { home });
  server.close();
  expectComplaint(end, 'PORT_IN_USE', 1);
  expect(end.stderr).toContain(`127.0.0.1 port ${port}`);
  expect(end.stderr).toContain('--port');
});

test('a data folder that is a file, and one that cannot be made', async () => {
  const home = await temporaryHome();
  await writeFile(join(home, 'data'), 'a file');
  expectComplaint(await runDiary(['serve', '--port', '0'], { home }), 'STORE_UNREADABLE', 1);
  expect(await readFile(join(home, 'data'), 'utf8')).toBe('a file');
  const below = { home, env: { ENDWELL_HOME: join(home, 'data', 'below') } };
  expectComplaint(await runDiary(['serve', '--port', '0'], below), 'STORE_UNREADABLE', 1);
});

test('a file that is no database stays as it was', async () => {
  const home = await temporaryHome();
  await mkdir(join(home, 'data'));
  const content = 'this is a letter, and no database at all\n'.repeat(200);
  await writeFile(join(home, 'data', 'endwell.db'), content);
  for (const args of [
    ['serve', '--port', '0'],
    ['sessions', 'list'],
  ]) {
    expectComplaint(await runDiary(args, { home }), 'STORE_NOT_A_DATABASE', 1);
  }
  // What is wrong is what the doctor is asked for, so it is the answer, beside what else it has looked at.
  const doctor = await runDiary(['doctor'], { home });
  expect(doctor.code).toBe(1);
  expect(doctor.stderr).toMatch(/^diary: PROBLEMS_FOUND: STORE_NOT_A_DATABASE: [^\n]+\n$/);
  expect(doctor.stdout).toMatch(/^problem +STORE_NOT_A_DATABASE: /m);
  expect(await readFile(join(home, 'data', 'endwell.db'), 'utf8')).toBe(content);
});

test('a newer schema is refused and stays as it was', async () => {
  const home = await temporaryHome();
  const transcript = join(home, 'empty.jsonl');
  await writeFile(transcript, '');
  expect((await runDiary(['import', 'transcripts', transcript], { home })).code).toBe(0);
  const file = join(home, 'data', 'endwell.db');
  const database = new DatabaseSync(file);
  database.exec(
    "INSERT INTO migrations (component, version, oldest_reader, applied_at) VALUES ('core', 9999, 9999, 0)",
  );
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  const before = await readFile(file);
  expectComplaint(await runDiary(['serve', '--port', '0'], { home }), 'STORE_SCHEMA_TOO_NEW', 1);
  expect((await readFile(file)).equals(before)).toBe(true);
});

test('a transcript that is not there', async () => {
  const home = await temporaryHome();
  const end = await runDiary(['import', 'transcripts', join(home, 'nothing.jsonl')], { home });
  expectComplaint(end, 'IMPORT_UNREADABLE', 1);
  expect(end.stderr).toContain('nothing.jsonl');
});
