import { lineKey } from '../transcript/line-key.ts';
import { parseObject } from '../transcript/parse-object.ts';
import type { TranscriptPlace, TranscriptReader } from '../transcript/transcript-reader.ts';
import { transcriptEntries } from './transcript-entries.ts';
import { readTranscriptLine, type TranscriptLine, unwrapAgentProgress } from './transcript-line.ts';

export const CLAUDE_CODE = 'claude-code';

/** Longer ids than the store takes as part of a key are known by their hash. */
const MAX_UUID_LENGTH = 128;

/** Reads Claude Code's transcripts, of which every line says which session it belongs to. */
export function createClaudeCodeReader(): TranscriptReader {
  return {
    source: CLAUDE_CODE,
    read(text) {
      const raw = parseObject(text);
      const outer = raw === undefined ? undefined : readTranscriptLine(raw);
      if (outer === undefined) return undefined;
      const line = unwrapAgentProgress(outer);
      const { uuid } = line;
      const key = uuid === null || uuid.length > MAX_UUID_LENGTH ? lineKey(text) : uuid;
      return {
        type: outer.type,
        place: placeOf(line),
        at: line.at,
        cwd: line.cwd,
        gitBranch: line.gitBranch,
        version: line.version,
        model: line.message?.model ?? null,
        entries: transcriptEntries(line, key),
      };
    },
  };
}

function placeOf(line: TranscriptLine): TranscriptPlace | undefined {
  if (line.sessionId === null) return undefined;
  const agentId = line.agentId ?? (line.isSidechain ? 'sidechain' : null);
  if (agentId === null) return { externalId: line.sessionId, parentExternalId: null, agentId };
  return { externalId: `${line.sessionId}/${agentId}`, parentExternalId: line.sessionId, agentId };
}
