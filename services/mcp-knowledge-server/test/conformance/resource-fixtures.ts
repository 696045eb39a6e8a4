import { completable, type McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { png } from './fixture-data.ts';

/** The resources and prompts that the suite reads. */
export function registerResourceFixtures(server: McpServer): void {
  server.registerResource('static-text', 'test://static-text', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [
      { uri: href, mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
    ],
  }));
  server.registerResource('static-binary', 'test://static-binary', { mimeType: 'image/png' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'image/png', blob: png }],
  }));
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { mimeType: 'application/json' },
    ({ href }, { id }) => ({
      contents: [
        {
          uri: href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );

  const user = (content: object) => ({ role: 'user', content });
  const prompt = (name: string, messages: readonly object[]): void => {
    server.registerPrompt(name, { description: `Fixture ${name}` }, () => ({ messages }) as never);
  };
  prompt('test_simple_prompt', [user({ type: 'text', text: 'This is a simple prompt for testing.' })]);
  prompt('test_prompt_with_image', [
    user({ type: 'image', data: png, mimeType: 'image/png' }),
    user({ type: 'text', text: 'Please analyze the image above.' }),
  ]);
  const cities = completable(z.string(), (typed) =>
    ['paris', 'park', 'party'].filter((word) => word.startsWith(typed)),
  );
  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'Fixture test_prompt_with_arguments',
      argsSchema: z.object({ arg1: cities, arg2: z.string() }),
    },
    ({ arg1, arg2 }) =>
      ({
        messages: [user({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` })],
      }) as never,
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    {
      description: 'Fixture test_prompt_with_embedded_resource',
      argsSchema: z.object({ resourceUri: z.string() }),
    },
    ({ resourceUri }) =>
      ({
        messages: [
          user({
            type: 'resource',
            resource: {
              uri: resourceUri,
              mimeType: 'text/plain',
              text: 'Embedded resource content for testing.',
            },
          }),
          user({ type: 'text', text: 'Please process the embedded resource above.' }),
        ],
      }) as never,
  );
}
