import { isSessionError, type Session } from '@endwell/session-core';
import { z } from 'zod';

import { isKnowledgeError } from '../errors/knowledge-error.ts';
import { clipLine } from '../sessions/clip.ts';
import { isSessionGone } from '../sessions/client-sessions.ts';
import { countWork, type PersistedWork } from '../sessions/count-work.ts';
import { readTail } from '../sessions/read-tail.ts';
import { timestamp, toTimestamp, viewSession } from '../sessions/session-view.ts';
import { summaryDocument } from '../sessions/summary-document.ts';
import { digestWork, summaryEntryType, type WorkDigest } from '../sessions/work-digest.ts';
import { defineTool } from './define-tool.ts';
import { sessionId } from './session-id.ts';
import { lines } from './start-options.ts';
import type { Tool, ToolContext } from './tool.ts';

const statements = z.array(z.string().min(1).max(1000)).max(50).optional();
/** How much of the journal the summary is made from. */
const tailEntries = 500;

export const endSession: Tool = defineTool({
  name: 'end_session',
  title: 'End a session',
  description:
    'Ends a session as completed, for good, when its writes are stored. Without session_id only the one that this client started.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input: z.object({
    session_id: sessionId,
    note: z.string().min(1).max(1000).optional(),
    achievements: statements,
    open_issues: statements,
    next_steps: statements,
    save_summary: z.boolean().optional().describe('Also as a searchable document.'),
  }),
  output: z.object({
    session_id: z.string(),
    project: z.string().nullable(),
    started_at: timestamp,
    ended_at: timestamp,
    end_reason: z.string(),
    duration_ms: z.int(),
    summary: z.string(),
    persisted: z.object({
      entries: z.int(),
      actions: z.int(),
      messages: z.int(),
      files: z.int(),
    }),
    summary_document_id: z.string().nullable(),
    warnings: lines,
  }),
  run: async (input, context) => {
    const { manager, clientSessions, pendingWrites } = context;
    const id = await clientSessions.resolve(input.session_id);
    await pendingWrites.settled(id);
    const ending = async (): Promise<Session> => {
      const stated = {
        achievements: input.achievements ?? [],
        openIssues: input.open_issues ?? [],
        nextSteps: input.next_steps ?? [],
      };
      if (Object.values(stated).some((items) => items.length > 0)) {
        await manager.record(id, { type: summaryEntryType, text: input.note ?? null, data: stated });
      }
      return manager.end(id, { reason: 'completed', note: input.note });
    };
    const session = await ending().catch((error: unknown) => {
      if (isSessionGone(error)) clientSessions.forget(id);
      throw error;
    });
    clientSessions.forget(id);
    const { endedAt, endReason } = session;
    if (endedAt === null || endReason === null)
      throw new Error('the store returned a session without an end');
    // Wall clocks can be set back.
    const durationMs = Math.max(0, endedAt - session.startedAt);
    const work = await countWork(manager, session);
    const digest = digestWork(await readTail(manager, session, tailEntries));
    const saved =
      input.save_summary === true
        ? await saveSummary(session, digest, context)
        : { documentId: null, warnings: [] };
    return {
      summary: `Session ${id} has ended (${endReason}).`,
      output: {
        ...viewSession(session),
        ended_at: toTimestamp(endedAt),
        end_reason: endReason,
        duration_ms: durationMs,
        summary: describeWork(work, digest, session.endNote),
        persisted: {
          entries: work.entries,
          actions: work.actions,
          messages: work.messages,
          files: work.files,
        },
        summary_document_id: saved.documentId,
        warnings: [
          ...(work.complete ? [] : ['The journal is long: only its last part was counted by kind.']),
          ...saved.warnings,
        ],
      },
    };
  },
});

function describeWork(work: PersistedWork, digest: WorkDigest, note: string | null): string {
  return [
    ...(note === null ? [] : [clipLine(note, 1000)]),
    `${work.actions} actions on ${work.files} files, ${work.messages} messages.`,
    ...(digest.achievements.length === 0 ? [] : [`Achieved: ${digest.achievements.join('; ')}.`]),
    ...(digest.unresolvedIssues.length === 0 ? [] : [`Open: ${digest.unresolvedIssues.join('; ')}.`]),
  ].join(' ');
}

/** The session has ended by now, whatever happens here: a document that cannot be stored is a warning. */
async function saveSummary(
  session: Session,
  digest: WorkDigest,
  { knowledge, signal }: ToolContext,
): Promise<{ readonly documentId: string | null; readonly warnings: readonly string[] }> {
  try {
    const opened = await knowledge.open();
    const { id } = await opened.ingestText(summaryDocument(session, digest), { signal });
    return { documentId: id, warnings: [] };
  } catch (error) {
    if (!isKnowledgeError(error) && !isSessionError(error)) throw error;
    return {
      documentId: null,
      warnings: [`The summary was not saved as a document: ${error.code}: ${error.message}`],
    };
  }
}
