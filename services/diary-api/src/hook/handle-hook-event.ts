import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

import { formatIdentity, type ProcessIdentity } from '@endwell/proc-guard';
import { type NewEntry, projectOf, type Session, type SessionManager } from '@endwell/session-core';

import { fitEntry } from '../import/transcript/fit-entry.ts';
import { isExcluded, isPausedAt, type PrivacyRules } from '../privacy/privacy-rules.ts';
import type { HookEvent } from './hook-event.ts';
import { HOOK_LIFETIME } from './hook-lifetime.ts';
import { recordTranscript } from './record-transcript.ts';

export interface HookContext {
  readonly manager: SessionManager;
  /** The agent's process. Null where it cannot be seen. */
  readonly owner: ProcessIdentity | null;
  readonly privacy: PrivacyRules;
  /** Which agent calls: the `source` of its sessions. */
  readonly agent: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Of this call alone: no other process has the same. */
  readonly callId: string;
}

/** Whether anything about the event may be stored. Asked before anything is opened. */
export function mayRecord(event: HookEvent, privacy: PrivacyRules, now: number): boolean {
  return !isPausedAt(privacy, now) && (event.cwd === null || !isExcluded(privacy, event.cwd));
}

/**
 * Takes in what an event brings. Whichever event it is, the new part of the transcript is read by the importer,
 * so there is one path, and an event that never comes loses nothing that a later one does not bring.
 *
 *   event                                   what it does besides
 *   --------------------------------------  -----------------------------------------------------
 *   SessionStart                            is recorded, so that the session starts; on clear, resume and fork
 *                                           the session that the same agent leaves ends
 *   Stop, UserPromptSubmit, Pre/PostToolUse nothing
 *   SubagentStop                            the sub-agent's session ends
 *   SessionEnd                              the session ends
 *   any other                               is recorded as it is
 */
export async function handleHookEvent(event: HookEvent, context: HookContext): Promise<void> {
  if (event.name === 'SessionStart') {
    await recordEvent(event, context, { source: event.source, model: event.model });
    if (leavesOthers(event)) await endLeftSessions(event, context);
  } else if (!eventsWithoutEntry.has(event.name)) {
    await recordEvent(event, context, { payload: event.payload });
  }
  await recordTranscripts(event, context);
  if (event.name === 'SubagentStop' && event.agentId !== null) {
    await endActive(context, `${event.sessionId}/${event.agentId}`, 'The sub-agent has stopped.');
  }
  if (event.name === 'SessionEnd') {
    await endActive(context, event.sessionId, `The agent ended it: ${event.reason ?? 'no reason given'}.`);
  }
}

/** What they say is in the transcript too, or is not worth a line. */
const eventsWithoutEntry = new Set([
  'Stop',
  'SubagentStop',
  'SessionEnd',
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
]);

/** An agent's process has one session at a time; with these it goes on to another one. */
function leavesOthers({ source }: HookEvent): boolean {
  return source === 'clear' || source === 'resume' || source === 'fork';
}

async function recordEvent(
  event: HookEvent,
  { manager, owner, agent, now, callId }: HookContext,
  detail: Record<string, unknown>,
): Promise<void> {
  const project = event.cwd === null ? null : projectOf(event.cwd);
  const said = event.source ?? event.reason;
  const entry: NewEntry = fitEntry({
    type: 'event',
    text: said === null ? event.name : `${event.name}: ${said}`,
    data: { hook: event.name, ...detail },
    // Each call of a hook is an event of its own.
    idempotencyKey: `hook-${callId}`,
    occurredAt: now,
  });
  await manager.recordByExternalId({
    kind: 'agent',
    source: agent,
    externalId: event.sessionId,
    project,
    agent,
    owner,
    metadata: {
      ...(event.cwd === null || event.cwd === project ? {} : { cwd: event.cwd }),
      ...(event.model === null ? {} : { model: event.model }),
      ...(event.transcriptPath === null ? {} : { transcript: event.transcriptPath }),
    },
    ...HOOK_LIFETIME,
    entries: [entry],
  });
}

async function recordTranscripts(event: HookEvent, context: HookContext): Promise<void> {
  const { sessionId, transcriptPath, agentId, agentTranscriptPath } = event;
  if (transcriptPath !== null) {
    await record(context, transcriptPath, sessionId);
    for (const { path, externalId } of await grownSubAgents(transcriptPath, sessionId, context)) {
      if (path !== agentTranscriptPath) await record(context, path, externalId);
    }
  }
  if (agentTranscriptPath !== null && agentId !== null) {
    await record(context, agentTranscriptPath, `${sessionId}/${agentId}`);
  }
}

async function record(context: HookContext, path: string, externalId: string): Promise<void> {
  const { manager, owner, privacy, agent } = context;
  await recordTranscript({ manager, owner, privacy, path, source: agent, externalId });
}

/** Claude Code keeps each sub-agent's lines in `<transcript>/subagents/agent-<id>.jsonl`. */
async function grownSubAgents(
  transcriptPath: string,
  sessionId: string,
  { manager, agent }: HookContext,
): Promise<{ path: string; externalId: string }[]> {
  const folder = join(transcriptPath.replace(/\.jsonl$/, ''), 'subagents');
  if (!existsSync(folder)) return [];
  const grown: { path: string; externalId: string }[] = [];
  for (const name of readdirSync(folder)) {
    const agentId = /^agent-(.+)\.jsonl$/.exec(basename(name))?.[1];
    if (agentId === undefined) continue;
    const path = join(folder, name);
    const externalId = `${sessionId}/${agentId}`;
    const { sessions } = await manager.list({ source: agent, externalId, limit: 1 });
    const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (changedAt >= (sessions[0]?.lastActiveAt ?? 0)) grown.push({ path, externalId });
  }
  return grown;
}

async function endActive({ manager, agent }: HookContext, externalId: string, note: string): Promise<void> {
  const { sessions } = await manager.list({ source: agent, externalId, state: 'active', limit: 1 });
  for (const { id } of sessions) await manager.end(id, { note });
}

async function endLeftSessions(event: HookEvent, context: HookContext): Promise<void> {
  const { manager, owner, agent } = context;
  if (owner === null) return;
  const { sessions } = await manager.list({
    source: agent,
    state: 'active',
    ownerIdentity: formatIdentity(owner),
    limit: 500,
  });
  const isLeft = ({ parentId, externalId }: Session): boolean =>
    parentId === null && externalId !== event.sessionId;
  for (const { id, externalId, metadata } of sessions.filter(isLeft)) {
    const { transcript } = metadata;
    if (typeof transcript === 'string') await record(context, transcript, externalId ?? '');
    const note = `The agent went on to another session (${event.source}).`;
    await manager.end(id, { note });
  }
}
