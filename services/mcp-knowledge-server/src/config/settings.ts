import { isAbsolute } from 'node:path';
import { z } from 'zod';

import { TOOLSETS, type Toolset } from './toolsets.ts';

/** One configuration value: an environment variable and a flag of the same meaning. */
export interface Setting {
  readonly variable: string;
  readonly flag: string;
  /** What the flag takes, as help shows it. */
  readonly placeholder: string;
  readonly description: string;
  /** The default in words. */
  readonly fallback: string;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface KnowledgeConfig {
  readonly home?: string | undefined;
  readonly logLevel: LogLevel;
  readonly toolset: Toolset;
}

/** The one source of the configuration: its check, its types, its help and the table in the README. */
export const configSchema: z.ZodType<KnowledgeConfig> = z.object({
  home: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
  logLevel: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('warn'),
  toolset: z.enum(TOOLSETS, `must be one of ${TOOLSETS.join(', ')}`).default('core'),
});

export type SettingName = keyof KnowledgeConfig;

export const settings: Readonly<Record<SettingName, Setting>> = {
  home: {
    variable: 'ENDWELL_HOME',
    flag: 'home',
    placeholder: 'folder',
    description: 'The folder of the database, as an absolute path',
    fallback: '${XDG_STATE_HOME:-~/.local/state}/endwell',
  },
  logLevel: {
    variable: 'ENDWELL_LOG_LEVEL',
    flag: 'log-level',
    placeholder: 'level',
    description: `What is logged to stderr: ${LOG_LEVELS.join(', ')}`,
    fallback: 'warn',
  },
  toolset: {
    variable: 'MCP_TOOLSET',
    flag: 'toolset',
    placeholder: 'set',
    description: 'Which tools are offered: core for the everyday ones, all for every one',
    fallback: 'core',
  },
};

export const settingNames: readonly SettingName[] = Object.keys(settings) as SettingName[];
