import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { runToEnd } from '../../scripts/pack-packages.ts';
import { isolatedEnvironment, programs } from './support/repository.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface Complaint {
  readonly code: number | null;
  readonly output: string;
}

async function run(
  program: string,
  args: readonly string[],
  home: string,
  extra: NodeJS.ProcessEnv = {},
): Promise<Complaint> {
  const env = isolatedEnvironment(home, { ENDWELL_HOME: join(home, 'data'), DIARY_API_PORT: '0', ...extra });
  return program === programs.procGuard
    ? runToEnd(program, args, { env })
    : runToEnd(programs.node, [program, ...args], { env });
}

/** One sentence on one line, with a stable code, and no stack trace. */
function expectOneSentence({ output }: Complaint, code: string): void {
  expect(output.trim().split('\n'), output).toHaveLength(1);
  expect(output).toContain(code);
  expect(output).not.toMatch(/^\s+at /m);
}

describe('bad input', () => {
  test.for([
    ['diary', programs.diary, ['serve', '--no-such-flag'], 'INVALID_ARGUMENT'],
    ['mcp-knowledge-server', programs.knowledgeServer, ['--no-such-flag'], 'INVALID_ARGUMENT'],
    ['proc-guard', programs.procGuard, ['run', '--no-such-flag', '--', 'true'], 'no-such-flag'],
    ['proc-guard', programs.procGuard, ['no-such-command'], 'no-such-command'],
  ] as const)('%s: a wrong flag is one sentence and exit code 2', async ([, program, args, code]) => {
    const complaint = await run(program, args, await temporaryFolder());
    expect(complaint.code).toBe(2);
    expectOneSentence(complaint, code);
  });

  test('diary: a wrong value in the environment names the variable', async () => {
    const complaint = await run(programs.diary, ['serve'], await temporaryFolder(), {
      DIARY_API_PORT: 'eighty',
    });
    expect(complaint.code).toBe(2);
    expectOneSentence(complaint, 'DIARY_API_PORT');
  });

  test('diary: a busy port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const complaint = await run(programs.diary, ['serve'], await temporaryFolder(), {
      DIARY_API_PORT: String(port),
    });
    server.close();
    expect(complaint.code).toBe(1);
    expectOneSentence(complaint, 'PORT_IN_USE');
  });

  test('diary: a data folder that is a file', async () => {
    const home = await temporaryFolder();
    await writeFile(join(home, 'data'), 'not a folder');
    const complaint = await run(programs.diary, ['serve'], home);
    expect(complaint.code).toBe(1);
    expectOneSentence(complaint, 'STORE_');
    expect(await readFile(join(home, 'data'), 'utf8')).toBe('not a folder');
  });

  test('diary: a data folder that nobody may use, root included', async () => {
    const complaint = await run(programs.diary, ['serve'], await temporaryFolder(), {
      ENDWELL_HOME: '/proc/endwell-data',
    });
    expect(complaint.code).toBe(1);
    expectOneSentence(complaint, 'STORE_');
  });

  test('diary: a file that is no database stays as it was', async () => {
    const home = await temporaryFolder();
    await mkdir(join(home, 'data'));
    const content = 'this is a letter, and no database at all\n'.repeat(200);
    await writeFile(join(home, 'data', 'endwell.db'), content);
    const complaint = await run(programs.diary, ['serve'], home);
    expect(complaint.code).toBe(1);
    expectOneSentence(complaint, 'STORE_NOT_A_DATABASE');
    expect(await readFile(join(home, 'data', 'endwell.db'), 'utf8')).toBe(content);
  });

  test('diary: a newer schema is refused and stays as it was', async () => {
    const home = await temporaryFolder();
    const created = await run(programs.diary, ['sessions', 'list', '--json'], home);
    expect(created.code, created.output).toBe(0);
    const file = join(home, 'data', 'endwell.db');
    const transcript = join(home, 'empty.jsonl');
    await writeFile(transcript, '');
    expect((await run(programs.diary, ['import', 'transcripts', transcript], home)).code).toBe(0);
    const database = new DatabaseSync(file);
    const changed = database
      .prepare(
        `UPDATE migrations SET version = 9999, oldest_reader = 9999
         WHERE version = (SELECT max(version) FROM migrations AS other WHERE other.component = migrations.component)`,
      )
      .run();
    expect(changed.changes).toBeGreaterThan(0);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    const before = await readFile(file);
    const complaint = await run(programs.diary, ['serve'], home);
    expect(complaint.code).toBe(1);
    expectOneSentence(complaint, 'STORE_SCHEMA_TOO_NEW');
    expect((await readFile(file)).equals(before)).toBe(true);
  });
});
