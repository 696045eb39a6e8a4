import { lineKey } from '../transcript/line-key.ts';
import { parseObject } from '../transcript/parse-object.ts';
import type { TranscriptPlace, TranscriptReader } from '../transcript/transcript-reader.ts';
import { timeOf, transcriptEntries } from './transcript-entries.ts';
import { type TranscriptLine, transcriptLineSchema, unwrapAgentProgress } from './transcript-line.ts';

export const CLAUDE_CODE = 'claude-code';

/** Longer ids than the store takes as part of a key are known by their hash. */
const MAX_UUID_LENGTH = 128;

/** Reads Claude Code's transcripts, of which every line says which session it belongs to. */
export function createClaudeCodeReader(): TranscriptReader {
  return {
    source: CLAUDE_CODE,
    read(text) {
      const parsed = transcriptLineSchema.safeParse(parseObject(text));
      if (!parsed.success) return undefined;
      const line = unwrapAgentProgress(parsed.data);
      const { uuid } = line;
      const key = uuid === undefined || uuid.length > MAX_UUID_LENGTH ? lineKey(text) : uuid;
      return {
        type: parsed.data.type,
        place: placeOf(line),
        at: timeOf(line),
        cwd: line.cwd ?? null,
        gitBranch: line.gitBranch ?? null,
        version: line.version ?? null,
        model: line.message?.model ?? null,
        entries: transcriptEntries(line, key),
      };
    },
  };
}

function placeOf(line: TranscriptLine): TranscriptPlace | undefined {
  if (line.sessionId === undefined) return undefined;
  const agentId = line.agentId ?? (line.isSidechain === true ? 'sidechain' : null);
  if (agentId === null) return { externalId: line.sessionId, parentExternalId: null, agentId };
  return { externalId: `${line.sessionId}/${agentId}`, parentExternalId: line.sessionId, agentId };
}
