import {
  CLIENT_INFO_META_KEY,
  type CallToolResult,
  type McpServer,
  type ServerContext,
  type ToolAnnotations,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { ServerLogger } from '../logging/server-logger.ts';
import { internalToolError, toToolError } from './tool-error.ts';
import { createProgressReporter } from './report-progress.ts';
import type { Tool, ToolContext } from './tool.ts';

/** The name is the client's own word, and ends up in a column. */
const maxNameLength = 200;

export type ToolDependencies = Omit<ToolContext, 'clientName' | 'signal' | 'reportProgress'> & {
  readonly logger: ServerLogger;
  /** Aborts when the server ends and waits no longer. */
  readonly ending: AbortSignal;
};

/** Offers tools to one connection. */
export function registerTools(
  server: McpServer,
  tools: readonly Tool[],
  { logger, ending, ...dependencies }: ToolDependencies,
): void {
  for (const tool of tools) {
    const { name, title, description, annotations } = tool;
    const call = async (args: unknown, request: ServerContext): Promise<CallToolResult> => {
      const context = {
        ...dependencies,
        clientName: clientNameOf(server, request),
        signal: AbortSignal.any([request.mcpReq.signal, ending]),
        reportProgress: createProgressReporter(request, logger),
      };
      try {
        return await tool.call(args, context);
      } catch (error) {
        const known = toToolError(error);
        if (known !== undefined) {
          logger.info({ tool: name, err: error }, 'a tool call was refused');
          return known;
        }
        // Asked for: by the client, or by the end of the server. Nobody waits for this answer.
        const cancelled = request.mcpReq.signal.aborted;
        logger[cancelled ? 'info' : 'error'](
          { tool: name, err: error },
          cancelled ? 'a tool call was cancelled' : 'a tool call failed',
        );
        return internalToolError(name);
      }
    };
    server.registerTool(
      name,
      {
        title,
        description,
        annotations: stated(annotations),
        inputSchema: tool.advertisedInput,
        outputSchema: tool.advertisedOutput,
      },
      call,
    );
  }
}

/** What the protocol assumes of a tool that does not say. */
const assumed: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
};

/** The annotations that say something: every word of a definition is read by every agent. */
function stated(annotations: ToolAnnotations): ToolAnnotations {
  const says = Object.entries(annotations).filter(
    ([name, value]) =>
      value !== assumed[name as keyof ToolAnnotations] &&
      // To a tool that only reads, these two do not apply.
      !(annotations.readOnlyHint === true && (name === 'destructiveHint' || name === 'idempotentHint')),
  );
  return Object.fromEntries(says);
}

const implementation = z.object({ name: z.string().min(1) });

/** 2026-07-28 says it with each request, 2025-11-25 once in `initialize`. */
function clientNameOf(server: McpServer, request: ServerContext): string | undefined {
  const envelope: Readonly<Record<string, unknown>> = request.mcpReq.envelope ?? {};
  const client = envelope[CLIENT_INFO_META_KEY] ?? server.server.getClientVersion();
  return implementation.safeParse(client).data?.name.slice(0, maxNameLength);
}
