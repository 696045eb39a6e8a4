import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** One configuration value: an environment variable and a flag of the same meaning. */
export interface Setting {
  readonly variable: string;
  /** Null for a secret: a command line is there for everybody to read. */
  readonly flag: string | null;
  /** What the flag takes, as help shows it. */
  readonly placeholder: string;
  readonly description: string;
  /** The default in words. */
  readonly fallback: string;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** The one source of the configuration: its check, its types, its help and the table in the README. */
export const configSchema = z.object({
  home: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
  logLevel: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('warn'),
  host: z
    .string()
    .regex(/^[\w.:%-]+$/, 'must be an IP address or a host name')
    .default('127.0.0.1'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a whole number from 0 to 65535')
    .default(4747),
  token: z
    .string()
    .regex(/^[\w.~+/=-]{16,1000}$/, 'must have 16 to 1000 letters, digits or any of . ~ + / = - _')
    .optional(),
  allowedHosts: z
    .string()
    .regex(/^[\w.:-]+(?:,[\w.:-]+)*$/, 'must be host names with commas between them')
    .transform((names) => names.split(','))
    .optional(),
  rate: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a whole number from 1 to 9999999')
    .transform(Number)
    .default(2_000),
  prices: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
});

export type DiaryConfig = z.output<typeof configSchema>;
export type SettingName = keyof DiaryConfig;

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
    description: `What is logged to stderr: ${LOG_LEVELS.join(', ')}; requests are logged at info`,
    fallback: 'warn',
  },
  host: {
    variable: 'DIARY_API_HOST',
    flag: 'host',
    placeholder: 'address',
    description: 'The address to listen on; one that is not loopback needs an access token',
    fallback: '127.0.0.1',
  },
  port: {
    variable: 'DIARY_API_PORT',
    flag: 'port',
    placeholder: 'number',
    description: 'The port to listen on; 0 picks a free one',
    fallback: '4747',
  },
  token: {
    variable: 'DIARY_API_TOKEN',
    flag: null,
    placeholder: 'token',
    description: 'An access token with every scope, beside those of "diary token"',
    fallback: 'none',
  },
  allowedHosts: {
    variable: 'DIARY_API_ALLOWED_HOSTS',
    flag: 'allowed-hosts',
    placeholder: 'names',
    description: 'Further names that a request may give as its Host, with commas between them',
    fallback: 'none',
  },
  rate: {
    variable: 'DIARY_API_RATE',
    flag: 'rate',
    placeholder: 'number',
    description: 'How many requests one address may send in a second',
    fallback: '2000',
  },
  prices: {
    variable: 'DIARY_PRICES',
    flag: 'prices',
    placeholder: 'file',
    description: 'A price table for tokens, as an absolute path',
    fallback: 'none',
  },
};
