import type { InjectOptions } from 'fastify';
import type { ProblemCode } from '../../../src/http/problem/problem-codes.ts';
import type { TestDiary, TestDiaryOptions } from '../../support/test-diary.ts';

/** A request that provokes something, on a server that may need other options for it. */
export interface Provocation {
  readonly options?: TestDiaryOptions;
  readonly request: (diary: TestDiary) => Promise<InjectOptions> | InjectOptions;
}

/** What a route has to show: its success, and each of its own problems. */
export interface RouteCase {
  readonly success: Provocation & { readonly status: number; readonly check?: (body: string) => void };
  readonly problems: Partial<Readonly<Record<ProblemCode, Provocation>>>;
}

export const UNKNOWN_ID = 'ses_0198c0de-0000-7000-8000-000000000000';

export async function started(diary: TestDiary, project = 'atlas'): Promise<string> {
  return (await diary.manager.start({ kind: 'agent', project })).id;
}

export async function ended(diary: TestDiary): Promise<string> {
  const id = await started(diary);
  await diary.manager.end(id);
  return id;
}
