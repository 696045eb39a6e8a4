import type { SessionManager } from '@endwell/session-core';
import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';

import type { ClientSessions } from '../sessions/client-sessions.ts';

/** What a tool works with. */
export interface ToolContext {
  readonly manager: SessionManager;
  readonly clientSessions: ClientSessions;
  /** What a session belongs to when the call does not say. */
  readonly defaultProject: string;
  /** What the client calls itself, where it has said so. */
  readonly clientName: string | undefined;
  /** Aborts when the client cancels the call or the server shuts down. */
  readonly signal: AbortSignal;
}

export interface ToolOutcome<Output> {
  readonly output: Output;
  /** For the agent to read, in a sentence; the structured output follows it as JSON. */
  readonly summary: string;
}

/** A tool as its author writes it. */
export interface ToolSpecification<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly input: Input;
  readonly output: Output;
  readonly run: (input: z.output<Input>, context: ToolContext) => Promise<ToolOutcome<z.input<Output>>>;
}

/** A tool as the server registers it, whatever its schemas are. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly call: (args: unknown, context: ToolContext) => Promise<CallToolResult>;
}
