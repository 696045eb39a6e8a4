import { isObject, type JsonObject, textOf } from '../transcript/parse-object.ts';

/** One block of a message. */
export type TranscriptBlock = JsonObject & { readonly type: string };

export interface TranscriptMessage {
  readonly model: string | null;
  readonly id: string | null;
  readonly content: string | readonly TranscriptBlock[] | undefined;
  readonly usage: JsonObject | undefined;
}

/**
 * What is read of one line. The format has no documentation and changes between versions: every field may be
 * missing or odd, and what is not named here passes through unread in `raw`.
 */
export interface TranscriptLine {
  readonly type: string;
  readonly sessionId: string | null;
  readonly uuid: string | null;
  readonly parentUuid: string | null;
  /** Milliseconds since 1970. */
  readonly at: number | null;
  readonly cwd: string | null;
  readonly gitBranch: string | null;
  readonly version: string | null;
  readonly isSidechain: boolean;
  readonly agentId: string | null;
  readonly isMeta: boolean;
  readonly subtype: string | null;
  readonly message: TranscriptMessage | undefined;
  readonly raw: JsonObject;
}

/** Undefined for what is no line of a transcript: it has no type. */
export function readTranscriptLine(raw: JsonObject): TranscriptLine | undefined {
  const { type } = raw;
  if (typeof type !== 'string') return undefined;
  const at = Date.parse(textOf(raw['timestamp']) ?? '');
  return {
    type,
    sessionId: textOf(raw['sessionId']),
    uuid: textOf(raw['uuid']),
    parentUuid: textOf(raw['parentUuid']),
    at: Number.isNaN(at) ? null : Math.max(0, at),
    cwd: textOf(raw['cwd']),
    gitBranch: textOf(raw['gitBranch']),
    version: textOf(raw['version']),
    isSidechain: raw['isSidechain'] === true,
    agentId: textOf(raw['agentId']),
    isMeta: raw['isMeta'] === true,
    subtype: textOf(raw['subtype']),
    message: readMessage(raw['message']),
    raw,
  };
}

function readMessage(message: unknown): TranscriptMessage | undefined {
  if (!isObject(message)) return undefined;
  const { content, usage } = message;
  return {
    model: textOf(message['model']),
    id: textOf(message['id']),
    content:
      typeof content === 'string' ? content : Array.isArray(content) ? content.filter(isBlock) : undefined,
    usage: isObject(usage) ? usage : undefined,
  };
}

function isBlock(value: unknown): value is TranscriptBlock {
  return isObject(value) && typeof value['type'] === 'string';
}

/**
 * The line that a sub-agent's progress line carries, as if the sub-agent had written it itself. Some versions
 * report a running sub-agent as progress lines of its parent; others write the sub-agent's lines between the
 * parent's, marked as a side chain, or into a file of its own. All become the same here.
 */
export function unwrapAgentProgress(line: TranscriptLine): TranscriptLine {
  const data = line.raw['data'];
  if (line.type !== 'progress' || !isObject(data) || data['type'] !== 'agent_progress') return line;
  const agentId = textOf(data['agentId']);
  const inner = isObject(data['message']) ? readTranscriptLine(data['message']) : undefined;
  if (agentId === null || inner === undefined || inner.uuid === null) return line;
  return {
    ...inner,
    sessionId: line.sessionId,
    cwd: line.cwd,
    gitBranch: line.gitBranch,
    version: line.version,
    at: inner.at ?? line.at,
    isSidechain: true,
    agentId,
  };
}
