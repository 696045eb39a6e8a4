/** One of several processes that record into one database: says when it is ready and begins when it is told. */
import { once } from 'node:events';
import process from 'node:process';

import { createSessionManager, sqliteStore } from '@endwell/session-core';

import { journalTexts } from './journal-texts.ts';
import { recordMany } from './record-many.ts';

const [path = '', count = '0', underWay = '1'] = process.argv.slice(2);
await using manager = createSessionManager({ store: sqliteStore({ path }), owner: null });
const { id } = await manager.start({ kind: 'bench' });
const texts = journalTexts(Number(count));
process.stdout.write('ready\n');
await once(process.stdin, 'data');
await recordMany(manager, id, texts, Number(underWay));
process.stdout.write('done\n');
process.stdin.destroy();
