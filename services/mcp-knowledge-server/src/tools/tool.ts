import type { SessionManager } from '@endwell/session-core';
import type { CallToolResult, StandardSchemaWithJSON, ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';

import type { LazyKnowledge } from '../knowledge/lazy-knowledge.ts';
import type { ClientSessions } from '../sessions/client-sessions.ts';
import type { PendingWrites } from '../sessions/pending-writes.ts';
import type { ResolveProject } from '../sessions/resolve-project.ts';

/** What a tool works with. */
export interface ToolContext {
  readonly manager: SessionManager;
  readonly clientSessions: ClientSessions;
  readonly pendingWrites: PendingWrites;
  readonly knowledge: LazyKnowledge;
  readonly resolveProject: ResolveProject;
  /** What the client calls itself, where it has said so. */
  readonly clientName: string | undefined;
  /** Aborts when the client cancels the call or the server shuts down. */
  readonly signal: AbortSignal;
  /** Tells the client how far a long call is, where it has asked for it. Never fails the call. */
  readonly reportProgress: (progress: Progress) => Promise<void>;
}

export interface Progress {
  /** Rises with each report of a call. */
  readonly done: number;
  /** Where it is known. */
  readonly total?: number | undefined;
  /** A few words for a person. */
  readonly message?: string | undefined;
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
  readonly advertisedInput: StandardSchemaWithJSON;
  readonly advertisedOutput: StandardSchemaWithJSON;
  readonly call: (args: unknown, context: ToolContext) => Promise<CallToolResult>;
}
