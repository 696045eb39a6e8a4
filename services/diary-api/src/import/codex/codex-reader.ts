import { fitEntry } from '../transcript/fit-entry.ts';
import { lineKey } from '../transcript/line-key.ts';
import { isObject, type JsonObject, parseObject, textOf } from '../transcript/parse-object.ts';
import type { TranscriptPlace, TranscriptReader } from '../transcript/transcript-reader.ts';
import { readRolloutItem } from './rollout-item.ts';

export const CODEX = 'codex';

/**
 * Reads Codex's rollout files. The first line names the session; the model is said once for each turn. What
 * the newest versions wrap as `{timestamp, type, payload}` the first ones wrote bare.
 */
export function createCodexReader(): TranscriptReader {
  let place: TranscriptPlace | undefined;
  let cwd: string | null = null;
  let gitBranch: string | null = null;
  let version: string | null = null;
  let model: string | null = null;

  const introduce = (meta: JsonObject): void => {
    // A fork repeats the lines of the session that it comes from, its introduction included.
    if (place !== undefined) return;
    const externalId = textOf(meta['id']);
    if (externalId === null) return;
    const parentExternalId = parentOf(meta['source']);
    place = { externalId, parentExternalId, agentId: parentExternalId === null ? null : externalId };
    cwd = textOf(meta['cwd']);
    version = textOf(meta['cli_version']);
    gitBranch = isObject(meta['git']) ? textOf(meta['git']['branch']) : null;
  };

  return {
    source: CODEX,
    read(text) {
      const line = parseObject(text);
      if (line === undefined) return undefined;
      const isBareMeta = line['type'] === undefined && textOf(line['id']) !== null;
      const type = isBareMeta ? 'session_meta' : textOf(line['type']);
      if (type === null) return undefined;
      const payload = isObject(line['payload']) ? line['payload'] : line;
      if (type === 'session_meta') introduce(payload);
      if (type === 'turn_context') {
        model = textOf(payload['model']) ?? model;
        cwd = textOf(payload['cwd']) ?? cwd;
      }
      const at = Date.parse(textOf(line['timestamp']) ?? '');
      const occurredAt = Number.isNaN(at) ? null : Math.max(0, at);
      const isWrapped = payload !== line;
      const items = readRolloutItem(isWrapped ? type : 'response_item', payload, model);
      const key = lineKey(text);
      return {
        type,
        place,
        at: occurredAt,
        cwd,
        gitBranch,
        version,
        model,
        entries: isBareMeta
          ? []
          : items.map(({ kind, text: said, detail }, index) => ({
              kind,
              entry: fitEntry({
                type:
                  kind === 'tool_use' ? 'action' : kind === 'event' || kind === 'usage' ? 'event' : 'message',
                text: said,
                data: kind === 'usage' ? { ...detail, messageId: key } : detail,
                idempotencyKey: `${key}:${index}`,
                occurredAt,
              }),
            })),
      };
    },
  };
}

/** The thread that spawned this one, where it is a sub-agent's. */
function parentOf(source: unknown): string | null {
  const subagent = isObject(source) ? source['subagent'] : undefined;
  const spawn = isObject(subagent) ? subagent['thread_spawn'] : undefined;
  return isObject(spawn) ? textOf(spawn['parent_thread_id']) : null;
}
