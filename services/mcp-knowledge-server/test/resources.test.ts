import { describe, expect, test } from 'vitest';
import { type ConnectedClient, connectClient } from './support/connect-client.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

async function read({ client }: ConnectedClient, uri: string): Promise<string> {
  const { contents } = await client.readResource({ uri });
  const [content] = contents;
  return content !== undefined && 'text' in content ? content.text : '';
}

describe('resources', () => {
  test('are these, in this order', async () => {
    const { client } = await connectClient(await temporaryFolder());
    const { resources } = await client.listResources();
    expect(resources.map(({ uri, mimeType }) => [uri, mimeType])).toEqual([
      ['endwell://schema', 'application/json'],
      ['endwell://search-guide', 'text/markdown'],
      ['endwell://statistics', 'application/json'],
      ['endwell://sessions', 'application/json'],
      ['endwell://documents', 'application/json'],
    ]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'endwell://sessions/{id}',
      'endwell://documents/{id}',
    ]);
  });

  test('show what is there', async () => {
    const connected = await connectClient(await temporaryFolder());
    const { output } = await connected.call('start_session', { project: 'p' });
    const id = String(output['session_id']);
    await connected.call('log_action', { type: 'edit', description: 'Something' });
    expect(JSON.parse(await read(connected, 'endwell://statistics'))).toMatchObject({
      sessions: { active: 1, entries: 1 },
    });
    expect(JSON.parse(await read(connected, 'endwell://sessions'))).toMatchObject([{ session_id: id }]);
    expect(JSON.parse(await read(connected, `endwell://sessions/${id}`))).toMatchObject({
      session_id: id,
      entries: [{ sequence: 1, type: 'action', text: 'Something' }],
    });
    expect(JSON.parse(await read(connected, 'endwell://schema'))).toHaveProperty('session.end_reason');
    expect(await read(connected, 'endwell://search-guide')).toContain('# Finding things');
  });

  test.for(['endwell://sessions/ses_nobody', 'endwell://nothing', 'file:///etc/passwd'])(
    '%s is not found',
    async (uri) => {
      const { client } = await connectClient(await temporaryFolder());
      await expect(client.readResource({ uri })).rejects.toMatchObject({
        code: expect.toSatisfy((code) => code === -32_602 || code === -32_002),
      });
    },
  );
});

describe('prompts', () => {
  test('are these, with these arguments', async () => {
    const { client } = await connectClient(await temporaryFolder());
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name, arguments: args }) => [name, args?.map(({ name }) => name)])).toEqual([
      ['knowledge_search', ['question', 'project']],
      ['resume_work', ['project']],
    ]);
  });

  test('knowledge_search carries the question, resume_work what was done; neither starts anything', async () => {
    const { client, call } = await connectClient(await temporaryFolder(), { args: ['--toolset', 'all'] });
    const search = await client.getPrompt({
      name: 'knowledge_search',
      arguments: { question: 'Why "so" slow?', project: 'p' },
    });
    const [question] = search.messages;
    expect(question?.content).toMatchObject({ text: expect.stringContaining('Why "so" slow?') });

    await call('start_session', { project: 'p' });
    await call('log_action', { type: 'test', description: 'Speed', success: false });
    await call('end_session', { next_steps: ['Profile it'] });
    const { messages } = await client.getPrompt({ name: 'resume_work', arguments: { project: 'p' } });
    const [message] = messages;
    const text = message?.content.type === 'text' ? message.content.text : '';
    expect(text).toContain('resume_session');
    expect(text).toContain('- test: Speed (failed)');
    expect(text).toContain('- Profile it');
    const { output } = await call('list_sessions', { state: 'active' });
    expect(output['sessions']).toEqual([]);
  });
});
