import {
  acceptedContent,
  type ClientCapabilities,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  CLIENT_CAPABILITIES_META_KEY,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

const none = z.object({});
const text = (text: string) => ({ content: [{ type: 'text' as const, text }] });

export const requestState = createRequestStateCodec({ key: 'a key of the fixtures, long enough for HMAC' });

const ask = (message: string, field: string, type: 'string' | 'boolean' = 'string') =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: 'object',
      properties: { [field]: type === 'string' ? { type: 'string' as const } : { type: 'boolean' as const } },
      required: [field],
    },
  });
const askModel = (question: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: question } }],
    maxTokens,
  });

type Handler = (request: ServerContext) => unknown;

/** The tools and the prompt that ask the client for something before they answer. */
export function registerInputFixtures(server: McpServer): void {
  const tool = (name: string, handler: Handler): void => {
    server.registerTool(
      name,
      { description: `Fixture ${name}`, inputSchema: none },
      (_args, request) => handler(request) as never,
    );
  };
  const named = ({ mcpReq }: ServerContext, key: string, field: string): string | undefined => {
    const value = acceptedContent(mcpReq.inputResponses, key)?.[field];
    return typeof value === 'string' ? value : undefined;
  };

  const greet: Handler = (request) => {
    const name = named(request, 'user_name', 'name');
    if (name !== undefined) return text(`Hello, ${name}!`);
    return inputRequired({ inputRequests: { user_name: ask('What is your name?', 'name') } });
  };
  tool('test_input_required_result_elicitation', greet);
  tool('test_streaming_elicitation', greet);
  tool('test_input_required_result_sampling', ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'capital_question');
    if (answer.kind === 'sampling') return text(JSON.stringify(answer.result.content));
    return inputRequired({
      inputRequests: { capital_question: askModel('What is the capital of France?', 100) },
    });
  });
  // Asks for what the client has not offered: the server refuses that before it is sent.
  tool('test_missing_capability', () =>
    inputRequired({ inputRequests: { question: askModel('Are you there?', 10) } }),
  );
  tool('test_input_required_result_list_roots', ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'client_roots');
    if (answer.kind === 'roots') return text(answer.roots.map(({ uri }) => uri).join(' '));
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  for (const name of [
    'test_input_required_result_request_state',
    'test_input_required_result_tampered_state',
  ]) {
    tool(name, async (request) => {
      const state = request.mcpReq.requestState<{ readonly asked: string }>();
      const answered = acceptedContent(request.mcpReq.inputResponses, 'confirm') !== undefined;
      if (answered && state?.asked === name) return text('state-ok');
      return inputRequired({
        inputRequests: { confirm: ask('Please confirm', 'ok', 'boolean') },
        requestState: await requestState.mint({ asked: name }, request),
      });
    });
  }
  tool('test_input_required_result_multiple_inputs', async (request) => {
    const { inputResponses } = request.mcpReq;
    const complete = ['user_name', 'greeting', 'client_roots'].every(
      (key) => inputResponse(inputResponses, key).kind !== 'missing',
    );
    if (complete) return text(`Hello, ${named(request, 'user_name', 'name') ?? 'nobody'}!`);
    return inputRequired({
      inputRequests: {
        user_name: ask('What is your name?', 'name'),
        greeting: askModel('Generate a greeting', 50),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await requestState.mint({ asked: 'all' }, request),
    });
  });
  tool('test_input_required_result_multi_round', async (request) => {
    const state = request.mcpReq.requestState<{ readonly name?: string }>();
    const color = named(request, 'step2', 'color');
    if (color !== undefined && state?.name !== undefined) return text(`${state.name} likes ${color}.`);
    const name = named(request, 'step1', 'name');
    return inputRequired(
      name === undefined
        ? {
            inputRequests: { step1: ask('Step 1: What is your name?', 'name') },
            requestState: await requestState.mint({}, request),
          }
        : {
            inputRequests: { step2: ask('Step 2: What is your favorite color?', 'color') },
            requestState: await requestState.mint({ name }, request),
          },
    );
  });
  tool('test_input_required_result_capabilities', (request) => {
    const envelope: Readonly<Record<string, unknown>> = request.mcpReq.envelope ?? {};
    const can = (envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}) as ClientCapabilities;
    return inputRequired({
      inputRequests: {
        ...(can.sampling === undefined ? {} : { question: askModel('What can you do?', 50) }),
        ...(can.elicitation === undefined ? {} : { user_name: ask('What is your name?', 'name') }),
      },
    });
  });
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'Fixture test_input_required_result_prompt' },
    ((request: ServerContext) => {
      const context = named(request, 'user_context', 'context');
      if (context === undefined) {
        return inputRequired({
          inputRequests: { user_context: ask('What context should the prompt use?', 'context') },
        });
      }
      return { messages: [{ role: 'user', content: { type: 'text', text: `Context: ${context}` } }] };
    }) as never,
  );
}
