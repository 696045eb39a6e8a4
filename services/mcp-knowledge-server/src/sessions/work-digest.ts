import type { Entry } from '@endwell/session-core';
import { z } from 'zod';

import { clipLine } from './clip.ts';

/** What a stretch of a journal says about the work: what was done, on what, what is left. */
export interface WorkDigest {
  /** The latest first, each in one line. */
  readonly recentActions: readonly string[];
  /** The latest first. */
  readonly recentFiles: readonly string[];
  /** What failed and was not done successfully since, and what was stated as open at an end. */
  readonly unresolvedIssues: readonly string[];
  readonly achievements: readonly string[];
  /** As stated at an end. */
  readonly nextSteps: readonly string[];
}

/** What `end_session` states about the work; kept in the journal as an entry of its own. */
export interface WorkSummary {
  readonly achievements: readonly string[];
  readonly openIssues: readonly string[];
  readonly nextSteps: readonly string[];
}

export const summaryEntryType = 'summary';

/** How much of each there is in a digest. */
const limits = { actions: 8, files: 15, issues: 8, achievements: 8, steps: 8 } as const;
const lineCharacters = 200;

/** Entries come from other programs too: what does not have the form says nothing here. */
const actionData = z.object({
  action: z.string().optional().catch(undefined),
  files: z.array(z.string()).optional().catch(undefined),
  success: z.boolean().optional().catch(undefined),
});
const strings = z.array(z.string()).catch([]);
const summaryData = z.object({ achievements: strings, openIssues: strings, nextSteps: strings });

interface Action {
  readonly line: string;
  readonly files: readonly string[];
  readonly success: boolean | undefined;
  /** What it was about: a later success with the same subject settles a failure. */
  readonly subject: string;
}

export const emptyDigest: WorkDigest = {
  recentActions: [],
  recentFiles: [],
  unresolvedIssues: [],
  achievements: [],
  nextSteps: [],
};

/** @param entries in the order of their sequence. */
export function digestWork(entries: readonly Entry[]): WorkDigest {
  const actions = entries.filter(({ type }) => type === 'action').map(readAction);
  const latest = actions.toReversed();
  const stated = readSummary(entries.findLast(({ type }) => type === summaryEntryType));
  const settled = new Set<string>();
  const failures: string[] = [];
  for (const { line, subject, success } of latest) {
    if (success === true) settled.add(subject);
    // Reported once, however often it failed.
    if (success === false && !settled.has(subject)) {
      settled.add(subject);
      failures.push(line);
    }
  }
  const succeeded = latest.filter(({ success }) => success === true).map(({ line }) => line);
  return {
    recentActions: latest.slice(0, limits.actions).map(({ line }) => line),
    recentFiles: [...new Set(latest.flatMap(({ files }) => files))]
      .slice(0, limits.files)
      .map((file) => clipLine(file, lineCharacters)),
    unresolvedIssues: lines([...stated.openIssues, ...failures], limits.issues),
    achievements: lines(
      stated.achievements.length > 0 ? stated.achievements : succeeded,
      limits.achievements,
    ),
    nextSteps: lines(stated.nextSteps, limits.steps),
  };
}

function readAction({ text, data }: Entry): Action {
  const { action, files = [], success } = actionData.parse(data ?? {});
  const what = clipLine(text ?? action ?? '', lineCharacters);
  const named = action === undefined || what.startsWith(action) ? what : `${action}: ${what}`;
  const verdict = success === undefined ? '' : success ? ' (ok)' : ' (failed)';
  const subject = `${action ?? ''}\n${files.length > 0 ? files.toSorted().join('\n') : (text ?? '')}`;
  return { line: `${named}${verdict}`, files, success, subject };
}

function readSummary(entry: Entry | undefined): WorkSummary {
  return summaryData.parse(entry?.data ?? {});
}

function lines(texts: readonly string[], limit: number): string[] {
  return texts.slice(0, limit).map((text) => clipLine(text, lineCharacters));
}
