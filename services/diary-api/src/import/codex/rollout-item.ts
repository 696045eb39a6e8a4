import { isObject, type JsonObject, parseObject, textOf } from '../transcript/parse-object.ts';
import type { TranscriptEntryKind } from '../transcript/transcript-reader.ts';

export interface RolloutItem {
  readonly kind: TranscriptEntryKind;
  readonly text: string;
  readonly detail: Record<string, unknown>;
}

/** Lines that say nothing about what was done, or say again what another line of the file says in full. */
const bookkeeping = new Set(['session_meta', 'turn_context', 'state', 'world_state', 'session_state']);
const repeatedEvents = new Set([
  'user_message',
  'agent_message',
  'agent_message_delta',
  'agent_reasoning',
  'agent_reasoning_delta',
  'agent_reasoning_raw_content',
  'agent_reasoning_section_break',
  'task_started',
  'task_complete',
  'turn_started',
  'turn_complete',
  'item_started',
  'item_completed',
  'exec_command_begin',
  'exec_command_output_delta',
  'exec_command_end',
  'patch_apply_begin',
  'patch_apply_end',
  'mcp_tool_call_begin',
  'mcp_tool_call_end',
  'web_search_begin',
  'web_search_end',
  'thread_name_updated',
]);

/** What one line of a rollout file becomes. An item of a type that is not known is kept as it is. */
export function readRolloutItem(type: string, payload: JsonObject, model: string | null): RolloutItem[] {
  if (bookkeeping.has(type)) return [];
  const name = textOf(payload['type']) ?? type;
  if (type === 'event_msg') {
    if (repeatedEvents.has(name)) return [];
    if (name === 'token_count') return readTokens(payload, model);
    return [{ kind: 'event', text: textOf(payload['message']) ?? name, detail: { event: name, payload } }];
  }
  if (type === 'compacted') {
    const text = textOf(payload['message']) ?? 'The conversation was compacted.';
    return [{ kind: 'system', text, detail: { role: 'system', subtype: 'compacted' } }];
  }
  if (type !== 'response_item') return [{ kind: 'event', text: type, detail: { payload } }];
  return readResponseItem(name, payload);
}

function readResponseItem(name: string, item: JsonObject): RolloutItem[] {
  switch (name) {
    case 'message': {
      const role = textOf(item['role']) ?? 'assistant';
      const text = contentText(item['content']);
      if (role === 'user' && isPreamble(text)) {
        return [{ kind: 'system', text, detail: { role: 'system', subtype: 'context' } }];
      }
      const kind = role === 'user' || role === 'assistant' ? role : 'system';
      return [{ kind, text, detail: { role: kind } }];
    }
    case 'reasoning': {
      const text = [contentText(item['summary']), contentText(item['content'])].filter(Boolean).join('\n');
      // What is left without a summary is encrypted.
      return text === '' ? [] : [{ kind: 'reasoning', text, detail: { role: 'reasoning' } }];
    }
    case 'function_call':
      return [toolUse(textOf(item['name']) ?? name, item, inputOf(item['arguments']))];
    case 'custom_tool_call':
      return [toolUse(textOf(item['name']) ?? name, item, { input: item['input'] })];
    case 'local_shell_call':
    case 'web_search_call':
      return [toolUse(name.replace(/_call$/, ''), item, isObject(item['action']) ? item['action'] : {})];
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [toolResult(item)];
    case 'ghost_snapshot':
    case 'compaction':
      return [];
    default:
      return [{ kind: 'event', text: name, detail: { payload: item } }];
  }
}

function toolUse(tool: string, item: JsonObject, input: JsonObject): RolloutItem {
  const command = input['command'] ?? input['cmd'];
  const said = Array.isArray(command)
    ? command.filter((word) => typeof word === 'string').join(' ')
    : (textOf(command) ?? textOf(input['query']) ?? textOf(input['input']) ?? textOf(input['path']));
  const files = filesOfPatch(textOf(input['input']) ?? (typeof said === 'string' ? said : ''));
  return {
    kind: 'tool_use',
    text: said === null ? tool : `${tool}: ${said}`,
    detail: {
      action: tool,
      toolUseId: item['call_id'] ?? item['id'],
      input,
      ...(files.length === 0 ? {} : { files }),
    },
  };
}

function toolResult(item: JsonObject): RolloutItem {
  const { output } = item;
  const inner = typeof output === 'string' ? parseObject(output) : isObject(output) ? output : undefined;
  const text =
    textOf(inner?.['output']) ??
    textOf(inner?.['content']) ??
    (typeof output === 'string' ? output : contentText(output));
  const metadata = isObject(inner?.['metadata']) ? inner['metadata'] : {};
  const exitCode = metadata['exit_code'];
  return {
    kind: 'tool_result',
    text,
    detail: {
      role: 'tool_result',
      toolUseId: item['call_id'],
      isError: inner?.['success'] === false || (typeof exitCode === 'number' && exitCode !== 0),
      ...(typeof exitCode === 'number' ? { exitCode } : {}),
    },
  };
}

/** The tokens of the last answer, in the fields that other recorders use: `input_tokens` without cached ones. */
function readTokens(payload: JsonObject, model: string | null): RolloutItem[] {
  const info = isObject(payload['info']) ? payload['info'] : {};
  const last = info['last_token_usage'];
  if (!isObject(last)) return [];
  const number = (name: string): number => {
    const value = last[name];
    return typeof value === 'number' && Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0;
  };
  const cached = number('cached_input_tokens');
  const usage = {
    input_tokens: Math.max(0, number('input_tokens') - cached),
    cache_read_input_tokens: cached,
    output_tokens: number('output_tokens'),
  };
  return [{ kind: 'usage', text: 'Tokens of an answer', detail: { event: 'token_count', model, usage } }];
}

function inputOf(value: unknown): JsonObject {
  if (typeof value !== 'string') return isObject(value) ? value : {};
  return parseObject(value) ?? { input: value };
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => {
      if (!isObject(part)) return '';
      return textOf(part['text']) ?? `[${textOf(part['type']) ?? 'unknown'}]`;
    })
    .join('\n');
}

/** What the program puts in front of the first prompt in the user's name. */
function isPreamble(text: string): boolean {
  return /^\s*(?:<(?:environment_context|user_instructions|permissions instructions|INSTRUCTIONS)>|# AGENTS\.md instructions)/.test(
    text,
  );
}

function filesOfPatch(patch: string): string[] {
  return [...patch.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm)].map(([, file]) =>
    (file ?? '').trim(),
  );
}
