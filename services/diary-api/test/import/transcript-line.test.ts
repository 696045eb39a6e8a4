import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { recognizeTranscript } from '../../src/import/transcript/recognize-transcript.ts';
import { scanTranscript } from '../../src/import/transcript/scan-transcript.ts';
import { NO_PRIVACY_RULES } from '../../src/privacy/privacy-rules.ts';
import { transcriptEntries } from '../../src/import/claude-code/transcript-entries.ts';
import { readTranscriptLine, unwrapAgentProgress } from '../../src/import/claude-code/transcript-line.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const type = fc.oneof(
  fc.constantFrom('user', 'assistant', 'system', 'summary', 'progress', 'tomorrow'),
  fc.string(),
);
const block = fc.record(
  {
    type: fc.oneof(fc.constantFrom('text', 'thinking', 'tool_use', 'tool_result', 'image'), fc.string()),
    text: fc.jsonValue(),
    thinking: fc.jsonValue(),
    name: fc.jsonValue(),
    input: fc.jsonValue(),
    content: fc.jsonValue(),
    is_error: fc.jsonValue(),
  },
  { requiredKeys: ['type'] },
);
const message = fc.record(
  {
    role: fc.string(),
    content: fc.oneof(fc.string(), fc.array(block), fc.jsonValue()),
    usage: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
/** A line as some version of the program might write it: every field may be missing or odd. */
const line = fc.record(
  {
    type,
    sessionId: fc.oneof(fc.uuid(), fc.jsonValue()),
    uuid: fc.oneof(fc.uuid(), fc.jsonValue()),
    timestamp: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.jsonValue(),
    ),
    isSidechain: fc.jsonValue(),
    agentId: fc.jsonValue(),
    message: fc.oneof(message, fc.jsonValue()),
    content: fc.jsonValue(),
    summary: fc.jsonValue(),
    data: fc.oneof(
      fc.record({ type: fc.constant('agent_progress'), agentId: fc.string(), message: fc.jsonValue() }),
      fc.jsonValue(),
    ),
  },
  { requiredKeys: ['type'] },
);

test('no line of any shape makes the importer fail, and what it keeps the store can take', () => {
  fc.assert(
    fc.property(line, (value) => {
      const read = readTranscriptLine(JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
      if (read === undefined) return;
      for (const { entry } of transcriptEntries(unwrapAgentProgress(read), 'key')) {
        expect(entry.type).toMatch(/^(message|action|event)$/);
        expect(entry.idempotencyKey).toMatch(/^key:\d+$/);
        expect(typeof entry.text).toBe('string');
        expect(JSON.parse(JSON.stringify(entry.data))).toEqual(entry.data);
        expect(Number.isNaN(entry.occurredAt)).toBe(false);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('garbage between lines is reported by number, and the lines around it are read', async () => {
  const path = join(await temporaryHome(), 'garbage.jsonl');
  await writeFile(
    path,
    '{"type":"user"}\nnull\n"text"\n{"no":"type"}\n\u0000\u0000\r\n{"type":"system"}\r\n{"type":',
  );
  const result = await scanTranscript({ path, privacy: NO_PRIVACY_RULES, store: async () => {} });
  expect(result).toMatchObject({
    isTranscript: true,
    linesByType: { user: 1, system: 1 },
    unreadable: [2, 3, 4, 5, 7],
  });
});

test('no line of any shape makes the reader of rollout files fail either', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ type: fc.string(), payload: fc.jsonValue() })), line, (lines, odd) => {
      const reader = recognizeTranscript('{"type":"session_meta","payload":{"id":"one"}}');
      for (const value of [{ type: 'session_meta', payload: { id: 'one' } }, ...lines, odd]) {
        for (const { entry } of reader.read(JSON.stringify(value))?.entries ?? []) {
          expect(entry.idempotencyKey).toMatch(/^line-[\w-]{43}:\d+$/);
          expect(JSON.parse(JSON.stringify(entry.data))).toEqual(entry.data);
        }
      }
    }),
    { numRuns: 300 },
  );
});
