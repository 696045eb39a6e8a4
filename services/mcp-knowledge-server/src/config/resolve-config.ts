import { KnowledgeError } from '../errors/knowledge-error.ts';
import { configSchema, type KnowledgeConfig, type SettingName, settingNames, settings } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the command line gave; it goes before the environment. */
export type ConfigFlags = Readonly<Partial<Record<SettingName, string>>>;

/** What is wrong with these is said without the value: an address can carry a password. */
const mayHoldSecret: ReadonlySet<SettingName> = new Set(['token', 'embeddings'] satisfies SettingName[]);

/** @throws KnowledgeError `INVALID_CONFIG`, which names the flag or the variable that is wrong. */
export function resolveConfig(environment: Environment, flags: ConfigFlags): KnowledgeConfig {
  const given: Partial<Record<SettingName, string>> = {};
  for (const name of settingNames) {
    // An empty variable is how a shell says that it is not set.
    const value = flags[name] ?? (environment[settings[name].variable] || undefined);
    if (value !== undefined) given[name] = value;
  }
  const result = configSchema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = issue?.path[0] as SettingName;
  const setting = flags[name] === undefined ? settings[name].variable : `--${settings[name].flag}`;
  const shown = mayHoldSecret.has(name) ? '' : `, not ${JSON.stringify(given[name])}`;
  throw new KnowledgeError('INVALID_CONFIG', `${setting} ${issue?.message ?? 'is wrong'}${shown}.`, {
    setting,
  });
}
