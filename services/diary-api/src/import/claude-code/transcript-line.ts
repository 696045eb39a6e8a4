import { z } from 'zod';

/**
 * What is read of one line. The format has no documentation and changes between versions: every
 * field may be missing, and what is not named here passes through unread.
 */
const messageSchema = z.looseObject({
  role: z.string().optional(),
  model: z.string().optional(),
  id: z.string().optional(),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).optional(),
  usage: z.record(z.string(), z.unknown()).optional(),
});

export type TranscriptMessage = z.output<typeof messageSchema>;

export const transcriptLineSchema = z.looseObject({
  type: z.string(),
  sessionId: z.string().min(1).optional(),
  uuid: z.string().min(1).optional(),
  parentUuid: z.string().nullish(),
  timestamp: z.iso.datetime({ offset: true }).optional().catch(undefined),
  cwd: z.string().min(1).optional(),
  gitBranch: z.string().optional(),
  version: z.string().optional(),
  isSidechain: z.boolean().optional(),
  agentId: z.string().min(1).optional(),
  isMeta: z.boolean().optional(),
  subtype: z.string().optional(),
  content: z.unknown().optional(),
  summary: z.string().optional(),
  message: messageSchema.optional().catch(undefined),
});

export type TranscriptLine = z.output<typeof transcriptLineSchema>;

/** The line that a sub-agent's progress line carries, as if the sub-agent had written it itself. */
const agentProgressSchema = z.looseObject({
  type: z.literal('agent_progress'),
  agentId: z.string().min(1),
  message: z.looseObject({ type: z.string(), uuid: z.string().min(1) }),
});

/**
 * Newer versions report a running sub-agent as progress lines of its parent; older ones write the
 * sub-agent's lines between the parent's, marked as a side chain. Both become the same here.
 */
export function unwrapAgentProgress(line: TranscriptLine): TranscriptLine {
  if (line.type !== 'progress') return line;
  const progress = agentProgressSchema.safeParse(line['data']);
  if (!progress.success) return line;
  const inner = transcriptLineSchema.safeParse(progress.data.message);
  if (!inner.success) return line;
  return {
    ...inner.data,
    sessionId: line.sessionId,
    cwd: line.cwd,
    gitBranch: line.gitBranch,
    version: line.version,
    timestamp: inner.data.timestamp ?? line.timestamp,
    isSidechain: true,
    agentId: progress.data.agentId,
  };
}
