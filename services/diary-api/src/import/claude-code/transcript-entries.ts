import { fitEntry } from '../transcript/fit-entry.ts';
import type { TranscriptEntry, TranscriptEntryKind } from '../transcript/transcript-reader.ts';
import type { TranscriptBlock, TranscriptLine, TranscriptMessage } from './transcript-line.ts';

/** Bookkeeping of the agent's program that says nothing about what was done. Left out, and counted. */
const bookkeeping = new Set([
  'progress',
  'queue-operation',
  'file-history-snapshot',
  'last-prompt',
  'custom-title',
]);

/** The entries that one line becomes: one for each block of a message. None for bookkeeping. */
export function transcriptEntries(line: TranscriptLine, lineKey: string): TranscriptEntry[] {
  if (bookkeeping.has(line.type)) return [];
  const occurredAt = line.at;
  const make = (
    kind: TranscriptEntryKind,
    index: number,
    text: string,
    detail: Record<string, unknown>,
  ): TranscriptEntry => ({
    kind,
    entry: fitEntry({
      type: kind === 'tool_use' ? 'action' : kind === 'event' ? 'event' : 'message',
      text,
      data: { ...detail, ...provenance(line) },
      idempotencyKey: `${lineKey}:${index}`,
      occurredAt,
    }),
  });

  const content = line.message?.content;
  if (
    (line.type === 'user' || line.type === 'assistant') &&
    line.message !== undefined &&
    content !== undefined
  ) {
    const { message } = line;
    const role = line.type;
    if (typeof content === 'string') return [make(role, 0, content, { role, ...usage(message, 0) })];
    return content.map((block, index) => {
      const { kind, text, detail } = readBlock(role, block);
      return make(kind, index, text, { ...detail, ...usage(message, index) });
    });
  }
  if (line.type === 'system') {
    const said = line.raw['content'];
    const text = typeof said === 'string' ? said : '';
    return [make('system', 0, text, { role: 'system', subtype: line.subtype ?? undefined })];
  }
  const { summary } = line.raw;
  if (line.type === 'summary' && typeof summary === 'string') {
    return [make('system', 0, summary, { role: 'system', subtype: 'summary' })];
  }
  // A type that a newer version added: kept as it is, rather than lost.
  return [make('event', 0, line.type, { line: line.raw })];
}

interface ReadBlock {
  readonly kind: TranscriptEntryKind;
  readonly text: string;
  readonly detail: Record<string, unknown>;
}

function readBlock(role: 'user' | 'assistant', block: TranscriptBlock): ReadBlock {
  const string = (value: unknown): string => (typeof value === 'string' ? value : '');
  switch (block.type) {
    case 'text':
      return { kind: role, text: string(block['text']), detail: { role } };
    case 'thinking':
      return { kind: 'reasoning', text: string(block['thinking']), detail: { role: 'reasoning' } };
    case 'tool_use': {
      const tool = string(block['name']);
      return {
        kind: 'tool_use',
        text: describeToolUse(tool, block['input']),
        detail: {
          action: tool,
          toolUseId: block['id'],
          input: block['input'],
          files: filesOf(block['input']),
        },
      };
    }
    case 'tool_result':
      return {
        kind: 'tool_result',
        text: resultText(block['content']),
        detail: { role: 'tool_result', toolUseId: block['tool_use_id'], isError: block['is_error'] === true },
      };
    default: {
      // An image's bytes are no diary; what else is new is kept by its name.
      const { source: _source, ...rest } = block;
      return { kind: role, text: `[${block.type}]`, detail: { role, block: rest } };
    }
  }
}

/** A tool call in one line for lists and search: what a person would look for. */
function describeToolUse(tool: string, input: unknown): string {
  if (typeof input !== 'object' || input === null) return tool;
  const fields = input as Readonly<Record<string, unknown>>;
  for (const name of [
    'description',
    'command',
    'file_path',
    'notebook_path',
    'pattern',
    'query',
    'url',
    'prompt',
    'path',
  ]) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return `${tool}: ${value}`;
  }
  return tool;
}

/** The files that a tool call names, in the same field that other recorders use. */
function filesOf(input: unknown): string[] | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const fields = input as Readonly<Record<string, unknown>>;
  const files = [fields['file_path'], fields['notebook_path']].filter((file) => typeof file === 'string');
  return files.length === 0 ? undefined : files;
}

function resultText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { readonly type?: unknown; readonly text?: unknown } | null) =>
      typeof part?.text === 'string'
        ? part.text
        : `[${typeof part?.type === 'string' ? part.type : 'unknown'}]`,
    )
    .join('\n');
}

/**
 * A line's tokens belong to its first block. The program repeats them on every line of one answer, so a sum
 * takes the last entry of each `messageId`.
 */
function usage(message: TranscriptMessage, index: number): Record<string, unknown> {
  if (index > 0 || message.usage === undefined) return {};
  return { model: message.model ?? undefined, messageId: message.id ?? undefined, usage: message.usage };
}

function provenance(line: TranscriptLine): Record<string, unknown> {
  return {
    uuid: line.uuid ?? undefined,
    ...(line.parentUuid === null ? {} : { parentUuid: line.parentUuid }),
    ...(line.isMeta ? { isMeta: true } : {}),
  };
}
