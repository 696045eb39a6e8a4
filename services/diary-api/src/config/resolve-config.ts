import { DiaryError } from '../errors/diary-error.ts';
import { configSchema, type DiaryConfig, type SettingName, settings } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the command line gave; it goes before the environment. */
export type ConfigFlags = Readonly<Partial<Record<SettingName, string | undefined>>>;

/** @throws DiaryError `INVALID_CONFIG`, which names the flag or the variable that is wrong. */
export function resolveConfig(environment: Environment, flags: ConfigFlags): DiaryConfig {
  const given: Partial<Record<SettingName, string>> = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    // An empty variable is how a shell says that it is not set.
    const value = flags[name] ?? (environment[settings[name].variable] || undefined);
    if (value !== undefined) given[name] = value;
  }
  const result = configSchema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = issue?.path[0] as SettingName;
  const { variable, flag } = settings[name];
  const setting = flags[name] === undefined ? variable : `--${flag}`;
  // What has no flag is a secret, which is not repeated either.
  const value = flag === null ? '' : `, not ${JSON.stringify(given[name])}`;
  throw new DiaryError('INVALID_CONFIG', `${setting} ${issue?.message ?? 'is wrong'}${value}.`, { setting });
}
