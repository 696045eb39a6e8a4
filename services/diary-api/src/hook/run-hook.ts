import type { Readable } from 'node:stream';

import { findClient, type ProcessIdentity } from '@endwell/proc-guard';
import {
  createSessionManager,
  isSessionError,
  resolveDatabasePath,
  type SessionManager,
  sqliteStore,
  projectOf,
} from '@endwell/session-core';

import type { Environment } from '../config/resolve-config.ts';
import { readPrivacyRules } from '../privacy/privacy-file.ts';
import { handleHookEvent, mayRecord } from './handle-hook-event.ts';
import { type HookEvent, parseHookEvent } from './hook-event.ts';
import { parseHookOptions } from './hook-options.ts';
import { readEventText } from './read-event-text.ts';

/** An agent that calls a hook writes at once; see `readEventText`. */
const INPUT_LIMIT_MS = 1_000;

export interface HookProcess {
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly pid: number;
  /** Opened only when the arguments are right. */
  input(): Readable;
  /** Writes to standard output, which the agent reads. */
  print(text: string): void;
  /** Writes one line to standard error, which the agent shows to nobody unless asked. */
  report(line: string): void;
}

/** Takes in one event. Never throws: a diary must not stop the work that it is about. */
export async function runHook(hook: HookProcess): Promise<void> {
  try {
    await takeIn(hook);
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    hook.report(`diary hook: ${typeof code === 'string' ? `${code}: ` : ''}${(error as Error).message}`);
  }
}

async function takeIn(hook: HookProcess): Promise<void> {
  const options = parseHookOptions(hook.args);
  const event = parseHookEvent(await readEventText(hook.input(), INPUT_LIMIT_MS));
  const now = Date.now();
  const { environment } = hook;
  const path = resolveDatabasePath(
    options.home === undefined ? environment : { ...environment, ENDWELL_HOME: options.home },
  );
  const privacy = readPrivacyRules(path);
  if (!mayRecord(event, privacy, now)) return;
  const owner = findOwner();
  // What is lost in a power cut is in the transcript, from which the next hook takes it in again.
  const store = sqliteStore({ path, durability: 'process-crash' });
  await using manager = createSessionManager({ store, owner, guard: false, name: 'diary hook' });
  try {
    const agent = options.agent ?? agentOf(event);
    await handleHookEvent(event, { manager, owner, privacy, agent, now, callId: `${now}-${hook.pid}` });
  } catch (error) {
    await countRefusal(path, error, now);
    throw error;
  }
  if (options.context && event.name === 'SessionStart') await printContext(hook, event, manager);
}

/**
 * The agent itself: the first ancestor that is no shell or launcher. One that has died already, or is the
 * first process of the machine, owns nothing that could end with it.
 */
function findOwner(): ProcessIdentity | null {
  const { client } = findClient();
  return client === undefined || client.pid === 1 ? null : client;
}

/** Codex names the turn of each event and keeps rollout files; what says neither is Claude Code's. */
function agentOf({ transcriptPath, payload }: HookEvent): string {
  const isCodex = 'turn_id' in payload || /[\\/]rollout-[^\\/]*\.jsonl$/.test(transcriptPath ?? '');
  return isCodex ? 'codex' : 'claude-code';
}

async function countRefusal(path: string, error: unknown, now: number): Promise<void> {
  if (!isSessionError(error) || (error.code !== 'SESSION_QUOTA' && error.code !== 'SESSION_RATE')) return;
  const [{ openDiaryDatabase }, { countHookRefusal }] = await Promise.all([
    import('../database/open-diary-database.ts'),
    import('./hook-refusals.ts'),
  ]);
  const database = await openDiaryDatabase(path);
  try {
    await countHookRefusal(database, error.code, now);
  } finally {
    await database.close();
  }
}

async function printContext(hook: HookProcess, event: HookEvent, manager: SessionManager): Promise<void> {
  if (event.cwd === null) return;
  const { sessionStartContext } = await import('./session-start-context.ts');
  const additionalContext = await sessionStartContext(manager, projectOf(event.cwd), event.sessionId);
  if (additionalContext === undefined) return;
  hook.print(
    `${JSON.stringify({ hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext } })}\n`,
  );
}
