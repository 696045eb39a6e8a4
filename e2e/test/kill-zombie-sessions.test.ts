import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { repositoryRoot } from './support/repository.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

test('the script for zombie sessions is the doctor: it reports, and creates nothing', async () => {
  const home = await temporaryFolder();
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    ENDWELL_HOME: join(home, 'data'),
    DIARY_API_PORT: '0',
  };
  const script = join(repositoryRoot, 'scripts', 'kill-zombie-sessions.sh');
  const { stdout } = await promisify(execFile)(script, ['--json'], { env });
  expect(JSON.parse(stdout)).toMatchObject({ healthy: true, exists: false, fixed: [] });
  expect(await readdir(home)).toEqual([]);
});
