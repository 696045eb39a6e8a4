import { DiaryError } from '../errors/diary-error.ts';
import { type JsonObject, parseObject, textOf } from '../import/transcript/parse-object.ts';

/** What a coding agent says when it calls a hook. Fields that are not named here stay in `payload`. */
export interface HookEvent {
  readonly name: string;
  /** The agent's own id of the session. */
  readonly sessionId: string;
  readonly transcriptPath: string | null;
  readonly cwd: string | null;
  /** The sub-agent that the event is about, and its own transcript. */
  readonly agentId: string | null;
  readonly agentTranscriptPath: string | null;
  /** How a session came to start: `startup`, `resume`, `clear`, `compact`, `fork`, … */
  readonly source: string | null;
  /** Why a session ended. */
  readonly reason: string | null;
  readonly model: string | null;
  readonly payload: JsonObject;
}

/** @throws DiaryError `HOOK_EVENT_INVALID` */
export function parseHookEvent(text: string): HookEvent {
  const payload = parseObject(text);
  if (payload === undefined) throw invalid('it is no JSON object');
  const name = textOf(payload['hook_event_name']);
  if (name === null) throw invalid('"hook_event_name" is missing');
  const sessionId = textOf(payload['session_id']);
  if (sessionId === null) throw invalid('"session_id" is missing');
  return {
    name,
    sessionId,
    transcriptPath: textOf(payload['transcript_path']),
    cwd: textOf(payload['cwd']),
    agentId: textOf(payload['agent_id']),
    agentTranscriptPath: textOf(payload['agent_transcript_path']),
    source: textOf(payload['source']),
    reason: textOf(payload['reason']),
    model: textOf(payload['model']),
    payload,
  };
}

function invalid(why: string): DiaryError {
  return new DiaryError('HOOK_EVENT_INVALID', `The hook's input: ${why}.`);
}
