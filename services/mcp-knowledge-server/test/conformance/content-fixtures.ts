import { setTimeout as delay } from 'node:timers/promises';
import { fromJsonSchema, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { png, richSchema, wav } from './fixture-data.ts';

const none = z.object({});
const text = (text: string) => ({ content: [{ type: 'text' as const, text }] });

/** The tools that the suite calls to see each kind of content arrive. */
export function registerContentFixtures(server: McpServer): void {
  const image = { type: 'image' as const, data: png, mimeType: 'image/png' };
  const tool = (name: string, call: () => ReturnType<typeof text> | object): void => {
    server.registerTool(name, { description: `Fixture ${name}`, inputSchema: none }, () => call() as never);
  };
  tool('test_simple_text', () => text('This is a simple text response for testing.'));
  tool('test_image_content', () => ({ content: [image] }));
  tool('test_audio_content', () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }));
  tool('test_embedded_resource', () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }));
  tool('test_multiple_content_types', () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }));
  tool('test_error_handling', () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  server.registerTool(
    'json_schema_2020_12_tool',
    {
      description: 'Tool with JSON Schema 2020-12 features',
      inputSchema: fromJsonSchema(richSchema as never),
    },
    () => text('The schema fits.'),
  );
  server.registerTool(
    'test_parameter_in_header',
    {
      description: 'Fixture test_parameter_in_header',
      inputSchema: fromJsonSchema({
        type: 'object',
        properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
      } as never),
    },
    () => text('Received.'),
  );
  server.registerTool(
    'test_tool_with_progress',
    { description: 'Fixture test_tool_with_progress', inputSchema: none },
    async (_args, { mcpReq }) => {
      const { _meta: meta } = mcpReq;
      for (const progress of [0, 50, 100]) {
        if (meta?.progressToken !== undefined) {
          await mcpReq.notify({
            method: 'notifications/progress',
            params: { progressToken: meta.progressToken, progress, total: 100 },
          });
        }
        await delay(50);
      }
      return text('Done.');
    },
  );
  for (const name of ['test_tool_with_logging', 'test_logging_tool']) {
    server.registerTool(
      name,
      { description: `Fixture ${name}`, inputSchema: none },
      async (_args, { mcpReq }) => {
        for (const message of [
          'Tool execution started',
          'Tool processing data',
          'Tool execution completed',
        ]) {
          await mcpReq.log('info', message);
          await delay(50);
        }
        return text('Logged.');
      },
    );
  }
}
