import { expect, it } from 'vitest';

import { createSessionManager, sqliteStore } from '../src/index.ts';
import { scratchFolder } from './scratch-folder.ts';

it('finds no damage that is not there while others write', async () => {
  await using folder = await scratchFolder();
  const open = () =>
    createSessionManager({
      store: sqliteStore({ path: folder.database, durability: 'process-crash' }),
      owner: null,
    });
  await using checker = open();
  await using writer = open();
  const { id } = await writer.start({ kind: 'test' });
  for (let round = 0; round < 40; round += 1) {
    await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        writer.record(id, { type: 'note', text: `common words of round ${round} and entry ${index}` }),
      ),
    );
    expect(await checker.integrityCheck()).toStrictEqual({ ok: true, problems: [] });
    expect((await checker.search({ text: `round ${round}`, limit: 1 })).hits).toHaveLength(1);
  }
});
