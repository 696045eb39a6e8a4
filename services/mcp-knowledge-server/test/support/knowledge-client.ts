import { type ConnectedClient, connectClient, type ToolAnswer } from './connect-client.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface KnowledgeClient extends ConnectedClient {
  readonly home: string;
  /** A folder whose files may be ingested. */
  readonly folder: string;
  /** Calls a tool that must succeed. */
  readonly must: (name: string, args?: Record<string, unknown>) => Promise<Record<string, unknown>>;
}

/** A client of a server with every tool; without vectors, unless it says otherwise. */
export async function knowledgeClient(
  options: {
    readonly home?: string;
    readonly folder?: string;
    readonly embeddings?: string;
    readonly command?: readonly [string, ...string[]];
  } = {},
): Promise<KnowledgeClient> {
  const home = options.home ?? (await temporaryFolder());
  const folder = options.folder ?? (await temporaryFolder());
  const connected = await connectClient(home, {
    ...(options.command && { command: options.command }),
    env: {
      MCP_TOOLSET: 'all',
      MCP_INGEST_ROOTS: folder,
      ENDWELL_EMBEDDINGS: options.embeddings ?? 'off',
    },
  });
  return {
    ...connected,
    home,
    folder,
    must: async (name, args) => {
      const answer: ToolAnswer = await connected.call(name, args);
      if (answer.isError) throw new Error(`${name}: ${answer.text}`);
      return answer.output;
    },
  };
}
