import { countTokens } from 'gpt-tokenizer';
import { describe, expect, test } from 'vitest';
import { pinnedTools } from './support/pinned-tools.ts';
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
    const { client } = await connectClient(await temporaryFolder(), { args: ['--toolset', 'all'] });
    const { tools } = await client.listTools();
    const surface = tools.map(({ name, inputSchema, outputSchema, annotations }) => ({
      name,
      input: Object.keys(inputSchema.properties ?? {}).join(' '),
      required: (inputSchema.required ?? []).join(' '),
      output: Object.keys(outputSchema?.properties ?? {}).join(' '),
      annotations,
    }));
    expect(surface).toEqual(pinnedTools);
  });

  test('the default set is the first part of the whole one', async () => {
    const home = await temporaryFolder();
    const { tools: core } = await (await connectClient(home)).client.listTools();
    const { tools: all } = await (
      await connectClient(home, { env: { MCP_TOOLSET: 'all' } })
    ).client.listTools();
    expect(all.slice(0, core.length)).toEqual(core);
    expect(all.length).toBeGreaterThan(core.length);
  });
});
