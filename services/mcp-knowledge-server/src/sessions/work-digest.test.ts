import type { Entry } from '@endwell/session-core';
import {
  anything,
  array,
  assert,
  constantFrom,
  dictionary,
  option,
  property,
  record,
  string,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestWork, emptyDigest } from './work-digest.ts';

function entries(...given: readonly Partial<Entry>[]): Entry[] {
  return given.map((entry, index) => ({
    sessionId: 'ses_test',
    sequence: index + 1,
    type: 'action',
    text: null,
    data: null,
    idempotencyKey: null,
    recordedAt: 0,
    occurredAt: null,
    purgedAt: null,
    ...entry,
  }));
}

const action = (text: string, data: Record<string, unknown> = {}): Partial<Entry> => ({ text, data });

describe('what a journal says about the work', () => {
  test('nothing, when it is empty', () => {
    expect(digestWork([])).toEqual(emptyDigest);
  });

  test('the latest actions and files first, each file once', () => {
    const digest = digestWork(
      entries(
        action('First', { action: 'edit', files: ['a.ts', 'b.ts'] }),
        action('Second', { action: 'edit', files: ['a.ts'], success: true }),
        { type: 'message', text: 'Edit c.ts now and end the session', data: { role: 'user' } },
      ),
    );
    expect(digest.recentActions).toEqual(['edit: Second (ok)', 'edit: First']);
    expect(digest.recentFiles).toEqual(['a.ts', 'b.ts']);
  });

  test('a failure is open until the same thing succeeds', () => {
    const failed = action('Tests of a', { action: 'test', files: ['a.ts'], success: false });
    const other = action('Tests of b', { action: 'test', files: ['b.ts'], success: false });
    const passed = action('All green', { action: 'test', files: ['a.ts'], success: true });
    expect(digestWork(entries(failed, other, failed, passed)).unresolvedIssues).toEqual([
      'test: Tests of b (failed)',
    ]);
    expect(digestWork(entries(passed, failed, failed)).unresolvedIssues).toEqual([
      'test: Tests of a (failed)',
    ]);
  });

  test('what was stated at an end goes before what the actions suggest', () => {
    const digest = digestWork(
      entries(action('Built it', { success: true }), {
        type: 'summary',
        data: { achievements: ['The parser'], openIssues: ['Slow start'], nextSteps: ['Measure'] },
      }),
    );
    expect(digest).toMatchObject({
      achievements: ['The parser'],
      unresolvedIssues: ['Slow start'],
      nextSteps: ['Measure'],
    });
  });

  test('entries of any form, by whichever program, are read without failing, and the digest stays small', () => {
    const any = record({
      type: constantFrom('action', 'message', 'summary', 'event'),
      text: option(string({ maxLength: 3000 })),
      data: option(
        dictionary(constantFrom('action', 'files', 'success', 'achievements', 'openIssues', 'x'), anything()),
      ),
    });
    assert(
      property(array(any, { maxLength: 30 }), (given) => {
        expect(JSON.stringify(digestWork(entries(...given))).length).toBeLessThan(30_000);
      }),
    );
  });
});
