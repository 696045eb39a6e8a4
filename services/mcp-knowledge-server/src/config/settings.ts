import { delimiter, isAbsolute } from 'node:path';
import { z } from 'zod';

import { embeddingsFormat, parseEmbeddings } from '../knowledge/embeddings/parse-embeddings.ts';
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
  readonly embeddings: string;
  readonly embeddingsKeyFile?: string | undefined;
  readonly ingestRoots?: readonly string[] | undefined;
  readonly project?: string | undefined;
  readonly home?: string | undefined;
  readonly logLevel: LogLevel;
  readonly toolset: Toolset;
  readonly host: string;
  readonly port: number;
  readonly token?: string | undefined;
}

/** The one source of the configuration: its check, its types, its help and the table in the README. */
export const configSchema: z.ZodType<KnowledgeConfig> = z.object({
  embeddings: z
    .string()
    .refine((text) => parseEmbeddings(text) !== undefined, embeddingsFormat)
    .default('local'),
  embeddingsKeyFile: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
  ingestRoots: z
    .string()
    .transform((text) => text.split(delimiter))
    .refine((roots) => roots.every(isAbsolute), `must be absolute paths with ${delimiter} between them`)
    .optional(),
  project: z.string().max(1000, 'must have at most 1,000 characters').optional(),
  home: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
  logLevel: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('warn'),
  toolset: z.enum(TOOLSETS, `must be one of ${TOOLSETS.join(', ')}`).default('core'),
  host: z
    .string()
    .regex(/^[\w.:%-]+$/, 'must be an IP address or a host name')
    .default('127.0.0.1'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a whole number from 0 to 65535')
    .default(4748),
  token: z.string().min(16, 'must have at least 16 characters').optional(),
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
  project: {
    variable: 'MCP_PROJECT',
    flag: 'project',
    placeholder: 'project',
    description:
      'What calls are about that name no project: a folder, which stands for its repository, or a name',
    fallback: 'the working directory; over HTTP none',
  },
  host: {
    variable: 'MCP_HTTP_HOST',
    flag: 'host',
    placeholder: 'address',
    description: 'With --http: the address to listen on; one that other machines reach needs a token',
    fallback: '127.0.0.1',
  },
  port: {
    variable: 'MCP_HTTP_PORT',
    flag: 'port',
    placeholder: 'number',
    description: 'With --http: the port to listen on; 0 picks a free one',
    fallback: '4748',
  },
  token: {
    variable: 'MCP_HTTP_TOKEN',
    flag: 'token',
    placeholder: 'secret',
    description:
      'With --http: what clients must send as a bearer token; others on this machine can see a flag, but not a variable',
    fallback: 'none',
  },
  embeddings: {
    variable: 'ENDWELL_EMBEDDINGS',
    flag: 'embeddings',
    placeholder: 'provider',
    description:
      'What makes the vectors: local, off, or an OpenAI-compatible or Ollama endpoint with the model after #',
    fallback: 'local',
  },
  embeddingsKeyFile: {
    variable: 'ENDWELL_EMBEDDINGS_KEY_FILE',
    flag: 'embeddings-key-file',
    placeholder: 'file',
    description: 'The file with the key of that endpoint, as an absolute path',
    fallback: 'no key',
  },
  ingestRoots: {
    variable: 'MCP_INGEST_ROOTS',
    flag: 'ingest-roots',
    placeholder: 'folders',
    description: 'The folders whose files may be ingested, as absolute paths with : between them',
    fallback: 'the working directory; over HTTP none',
  },
};

export const settingNames: readonly SettingName[] = Object.keys(settings) as SettingName[];
