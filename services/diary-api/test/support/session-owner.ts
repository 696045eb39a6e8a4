/**
 * A program that owns a session: it starts one, records a message, prints `ready <session id>` and
 * lives until it is killed, or told `record <text>` or `end` on its standard input.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { createSessionManager, resolveDatabasePath, sqliteStore } from '@endwell/session-core';

const manager = createSessionManager({ store: sqliteStore({ path: resolveDatabasePath(process.env) }) });
const { id } = await manager.start({ kind: 'agent', project: '/home/ada/atlas', agent: 'stand-in' });
await manager.record(id, {
  type: 'message',
  text: '<img src=x onerror="document.title=1"> hello',
  data: { role: 'user' },
});
process.stdout.write(`ready ${id}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') await manager.end(id);
  else await manager.record(id, { type: 'action', text: line, data: { action: 'edit', success: true } });
}
await manager.close();
