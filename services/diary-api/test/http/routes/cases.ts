import { entryCases } from './entry-cases.ts';
import { movingCases } from './moving-cases.ts';
import { otherCases } from './other-cases.ts';
import type { RouteCase } from './route-case.ts';
import { sessionCases } from './session-cases.ts';

/** Every route, by its method and pattern. */
export const cases: Readonly<Record<string, RouteCase>> = {
  ...sessionCases,
  ...entryCases,
  ...movingCases,
  ...otherCases,
};
