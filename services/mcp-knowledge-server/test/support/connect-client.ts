import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';
import { serverCommand, serverEnvironment } from './server-command.ts';

export interface ConnectedClient {
  readonly client: Client;
  readonly serverPid: number;
  /** Calls a tool; an error result comes back as it is. */
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<ToolAnswer>;
}

export interface ToolAnswer {
  readonly isError: boolean;
  readonly text: string;
  readonly code: string | undefined;
  readonly output: Record<string, unknown>;
}

/** The SDK's own client, connected to a server of its own over stdio. */
export async function connectClient(
  home: string,
  options: {
    readonly name?: string;
    readonly client?: ClientOptions;
    readonly env?: Record<string, string>;
    readonly args?: readonly string[];
    /** Where the server is started. */
    readonly folder?: string;
    /** @defaultValue the server in its source */
    readonly command?: readonly [string, ...string[]];
  } = {},
): Promise<ConnectedClient> {
  const [command, ...args] = options.command ?? serverCommand;
  const transport = new StdioClientTransport({
    command,
    args: [...args, ...(options.args ?? [])],
    env: serverEnvironment(home, options.env),
    stderr: 'inherit',
    ...(options.folder !== undefined && { cwd: options.folder }),
  });
  const client = new Client({ name: options.name ?? 'test-client', version: '1.0.0' }, options.client);
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    client,
    serverPid: transport.pid ?? 0,
    call: async (name, args = {}) => {
      const result = await client.callTool({ name, arguments: args });
      const {
        content: [content],
        _meta: meta,
      } = result;
      return {
        isError: result.isError === true,
        text: content?.type === 'text' ? content.text : '',
        code: (meta?.['endwell/error'] as { code?: string } | undefined)?.code,
        output: (result.structuredContent ?? {}) as Record<string, unknown>,
      };
    },
  };
}
