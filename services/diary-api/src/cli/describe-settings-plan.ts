import type { SettingsPlan } from '../agent-settings/settings-plan.ts';

/** What a change of a settings file does, for a person who has to say yes to it. */
export function describeSettingsPlan(title: string, { changes }: SettingsPlan): string[] {
  return [
    title,
    ...changes.flatMap(({ place, before, after }) => [
      `  ${place}`,
      ...(before === null ? [] : [`    - ${before}`]),
      ...(after === null ? [] : [`    + ${after}`]),
    ]),
  ];
}
