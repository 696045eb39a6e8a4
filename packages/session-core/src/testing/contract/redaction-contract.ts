import assert from 'node:assert/strict';

import { createRedactor } from '../../redaction/create-redactor.ts';
import { withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** No secret gets into the store, by whichever way. */
export function redactionContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  // Put together here, so that nothing that looks like one is in this file.
  const secret = ['gh', 'o_', 'Zx81'.repeat(9)].join('');
  const marker = '[redacted:github-token]';

  describe('redaction', () => {
    it('comes before storage, for entries, data, metadata, notes and keys', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const session = await one.start({
          kind: 'test',
          metadata: { [secret]: [secret], apiKey: 'plain' },
        });
        assert.deepEqual(session.metadata, { [marker]: [marker], apiKey: '[redacted:named-value]' });
        const given = {
          type: 'note',
          text: `use ${secret}`,
          data: { deep: [{ said: secret }] },
          idempotencyKey: `key ${secret}`,
        };
        const [entry] = await one.record(session.id, given);
        assert.equal(entry?.text, `use ${marker}`);
        assert.deepEqual(entry?.data, { deep: [{ said: marker }] });
        assert.match(entry?.idempotencyKey ?? '', /^redacted:/);
        assert.deepEqual(await one.record(session.id, given), [entry], 'a retry is known by its key');
        const ended = await one.end(session.id, { note: `done with ${secret}` });
        assert.equal(ended.endNote, `done with ${marker}`);
        const { session: imported } = await one.importSession({
          kind: 'test',
          source: 's',
          externalId: 'e',
          startedAt: 1,
          endedAt: 2,
          metadata: { said: secret },
          entries: [{ type: 'note', text: secret, idempotencyKey: 'k' }],
        });
        await one.recordByExternalId({
          kind: 'test',
          source: 's',
          externalId: 'e2',
          metadata: { said: secret },
          entries: [{ type: 'note', text: secret, idempotencyKey: 'k' }],
        });
        const stored: unknown[] = [];
        for await (const item of one.exportSessions()) stored.push(item);
        assert.ok(!JSON.stringify(stored).includes(secret));
        assert.ok(stored.length >= 6 && JSON.stringify(imported).includes(marker));
        assert.equal((await one.search({ text: secret })).hits.length, 0);
      }));

    it('is the manager’s own choice, and switched off with a warning only', () =>
      withContext(createFixture, async ({ manager }) => {
        const warnings: string[] = [];
        const quiet = (): void => {};
        const logger = {
          debug: quiet,
          info: quiet,
          error: quiet,
          warn: (_: object, message: string) => void warnings.push(message),
        };
        const off = manager({ redactor: false, logger });
        const narrow = manager({ redactor: createRedactor({ kinds: ['npm-token'] }), logger });
        const { id } = await narrow.start({ kind: 'test' });
        const [kept] = await narrow.record(id, { type: 'note', text: secret });
        assert.equal(kept?.text, secret);
        assert.deepEqual(warnings, []);
        const [plain] = await off.record(id, { type: 'note', text: `${secret} too` });
        assert.equal(plain?.text, `${secret} too`);
        assert.equal(warnings.length, 1);
        assert.match(warnings[0] ?? '', /redaction is off/);
      }));
  });
}
