import { countTokens } from 'gpt-tokenizer';
import { describe, expect, test } from 'vitest';
import { connectClient } from './support/connect-client.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('what an agent reads before it has done anything', () => {
  test('at most 8 tools and 2,000 tokens of definitions', async () => {
    const { client } = await connectClient(await temporaryFolder());
    const { tools } = await client.listTools();
    expect(tools.length).toBeLessThanOrEqual(8);
    expect(countTokens(JSON.stringify(tools))).toBeLessThan(2000);
  });

  test('the same tools in the same order, each time and in both revisions', async () => {
    const home = await temporaryFolder();
    const modern = await connectClient(home, { client: { versionNegotiation: { mode: 'auto' } } });
    const legacy = await connectClient(home);
    const [first, second, other] = [
      await legacy.client.listTools(),
      await legacy.client.listTools(),
      await modern.client.listTools(),
    ].map(({ tools }) => tools);
    // Byte for byte, so that a client's prompt cache holds.
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(other).toEqual(first);
  });

  test('the surface is pinned: names, arguments, output and annotations', async () => {
    const { client } = await connectClient(await temporaryFolder());
    const { tools } = await client.listTools();
    const surface = tools.map(({ name, inputSchema, outputSchema, annotations }) => ({
      name,
      input: Object.keys(inputSchema.properties ?? {}),
      required: inputSchema.required ?? [],
      output: Object.keys(outputSchema?.properties ?? {}),
      hints: Object.entries(annotations ?? {})
        .filter(([, value]) => value === true)
        .map(([hint]) => hint),
    }));
    expect(surface).toEqual([
      {
        name: 'start_session',
        input: ['project', 'agent', 'user', 'metadata'],
        required: [],
        output: ['session_id', 'reused', 'project', 'agent', 'started_at', 'expires_at', 'entry_count'],
        hints: ['idempotentHint'],
      },
      {
        name: 'log_action',
        input: [
          'session_id',
          'type',
          'description',
          'files_affected',
          'success',
          'details',
          'idempotency_key',
        ],
        required: ['type', 'description'],
        output: ['session_id', 'sequence', 'recorded_at'],
        hints: [],
      },
      {
        name: 'end_session',
        input: ['session_id', 'note'],
        required: [],
        output: [
          'session_id',
          'project',
          'started_at',
          'ended_at',
          'end_reason',
          'duration_ms',
          'entry_count',
        ],
        hints: ['destructiveHint'],
      },
    ]);
  });
});
