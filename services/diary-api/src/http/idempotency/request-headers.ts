import { z } from 'zod';

import { HttpProblem } from '../problem/http-problem.ts';
import { idempotencyKey } from '../schema/text-schema.ts';

const keyHeader = idempotencyKey
  .optional()
  .meta({ description: 'A repeated request with the same key is done once and answered alike.' });

/** For what is written. */
export const keyHeadersSchema: z.ZodObject<{ 'idempotency-key': typeof keyHeader }, z.core.$loose> =
  z.looseObject({ 'idempotency-key': keyHeader });

const revisionList = /^(?:\*|"\d{1,15}"(?: *, *"\d{1,15}"){0,20})$/;
const matchHeader = z
  .string()
  .regex(revisionList, 'must be the ETag of the session, such as "1", or *')
  .optional()
  .meta({ description: 'Only if the session still has this revision, as its ETag gave it.' });

/** For what is written where another change in between matters. */
export const matchHeadersSchema: z.ZodObject<
  { 'idempotency-key': typeof keyHeader; 'if-match': typeof matchHeader },
  z.core.$loose
> = z.looseObject({ 'idempotency-key': keyHeader, 'if-match': matchHeader });

export function revisionTag(session: { readonly revision: number }): string {
  return `"${session.revision}"`;
}

/** @throws HttpProblem `REVISION_MISMATCH` */
export function checkRevision(ifMatch: string | undefined, session: { readonly revision: number }): void {
  if (ifMatch === undefined || ifMatch === '*') return;
  if (ifMatch.split(',').some((tag) => tag.trim() === revisionTag(session))) return;
  throw new HttpProblem('REVISION_MISMATCH', `The session has the revision ${revisionTag(session)} now.`);
}
