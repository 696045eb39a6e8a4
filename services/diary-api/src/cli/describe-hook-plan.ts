import type { HookPlan } from '../agent-settings/plan-hooks.ts';

/** What a change of a settings file does, for a person who has to say yes to it. */
export function describeHookPlan(title: string, { changes }: HookPlan): string[] {
  return [
    title,
    ...changes.flatMap(({ event, before, after }) => [
      `  ${event}`,
      ...(before === null ? [] : [`    - ${before}`]),
      ...(after === null ? [] : [`    + ${after}`]),
    ]),
  ];
}
