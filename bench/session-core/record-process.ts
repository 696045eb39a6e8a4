/** One of several processes that record into one database: says when it is ready and begins when it is told. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { createSessionManager, sqliteStore } from '@endwell/session-core';

import { journalTexts, type JournalText } from './journal-texts.ts';
import { recordMany } from './record-many.ts';

const [path = '', count = '0', underWay = '1'] = process.argv.slice(2);
await using manager = createSessionManager({ store: sqliteStore({ path }), owner: null });
const { id } = await manager.start({ kind: 'bench' });
const texts = journalTexts(Number(count));
// What is measured is a process that has been at work for a while.
await recordElsewhere(texts);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
await recordMany(manager, id, texts, Number(underWay));
process.stdout.write('done\n');
process.stdin.destroy();

async function recordElsewhere(given: readonly JournalText[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'endwell-bench-'));
  {
    const store = sqliteStore({ path: join(folder, 'warm.db') });
    await using other = createSessionManager({ store, owner: null });
    const session = await other.start({ kind: 'bench' });
    await recordMany(other, session.id, given, Number(underWay));
  }
  await rm(folder, { recursive: true });
}
