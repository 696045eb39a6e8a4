import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { liveTranscript } from '../support/live-transcript.ts';
import { allSessions, openManager } from '../support/stored-sessions.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const program = fileURLToPath(new URL('../../bin/diary-hook.cjs', import.meta.url));
const bundle = fileURLToPath(new URL('../../dist/hook.cjs', import.meta.url));

test('the built hook takes in a transcript that fills the WAL, without a word', async () => {
  expect(existsSync(bundle), 'build the package first').toBe(true);
  const home = await temporaryHome();
  const id = '11111111-0000-4000-8000-000000000000';
  const transcript = liveTranscript(join(home, 'projects', `${id}.jsonl`), id, home);
  for (let turn = 0; turn < 300; turn += 1) transcript.tool(`step ${turn}`, 'word '.repeat(20_000));
  const manager = openManager(home);
  await manager.open();
  const event = { session_id: id, transcript_path: transcript.path, cwd: home, hook_event_name: 'Stop' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    input: JSON.stringify(event),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: home, ENDWELL_HOME: join(home, 'data') },
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(await allSessions(manager)).toMatchObject([{ externalId: id, entryCount: 600 }]);
});
