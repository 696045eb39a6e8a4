import { type Command, Option } from 'commander';

import type { ConfigFlags } from '../config/resolve-config.ts';
import { type SettingName, settings } from '../config/settings.ts';

/** Adds the flags of the settings that a command uses. */
export function addConfigOptions(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const { flag, placeholder, description, variable, fallback } = settings[name];
    if (flag === null) continue;
    const help = `${description} (${variable}, default ${fallback})`;
    command.addOption(new Option(`--${flag} <${placeholder}>`, help));
  }
  return command;
}

/** Every command takes these. */
export const commonSettings: readonly SettingName[] = ['home', 'logLevel'];

export type CommandFlags = ConfigFlags & { readonly json?: boolean };
