import { parseArgs } from 'node:util';

import type { ConfigFlags } from '../config/resolve-config.ts';
import { type SettingName, settingNames, settings } from '../config/settings.ts';
import { KnowledgeError } from '../errors/knowledge-error.ts';

export type CommandLine =
  | { readonly command: 'help' }
  | { readonly command: 'version' }
  | { readonly command: 'serve'; readonly transport: 'stdio' | 'http'; readonly flags: ConfigFlags };

/** @throws KnowledgeError `INVALID_ARGUMENT` */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parse(args);
  if (values['help'] === true) return { command: 'help' };
  if (values['version'] === true) return { command: 'version' };
  const flags: Partial<Record<SettingName, string>> = {};
  for (const name of settingNames) {
    const value = values[settings[name].flag];
    if (typeof value === 'string') flags[name] = value;
  }
  return { command: 'serve', transport: values['http'] === true ? 'http' : 'stdio', flags };
}

function parse(args: readonly string[]): { readonly values: Readonly<Record<string, unknown>> } {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
    http: { type: 'boolean' },
  };
  for (const name of settingNames) options[settings[name].flag] = { type: 'string' };
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  } catch (error) {
    // Only the first sentence: the second advises on positional arguments, which there are none of.
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new KnowledgeError('INVALID_ARGUMENT', `${problem}; see mcp-knowledge-server --help.`, {
      cause: error,
    });
  }
}
