import { join } from 'node:path';

import type { Environment } from '../config/resolve-config.ts';
import type { HOOK_AGENTS } from '../hook/hook-options.ts';
import type { SettingsFormat } from './plan-mcp-server.ts';

/** A coding agent that can call hooks, and where it keeps what. */
export interface CodingAgent {
  readonly name: (typeof HOOK_AGENTS)[number];
  /** For people. */
  readonly title: string;
  /** The folder of all that is its own; the agent is taken for installed when it is there. */
  folder(home: string, environment: Environment): string;
  /** Its settings with hooks, in that folder. */
  readonly settingsFile: string;
  /** Its settings with MCP servers. */
  mcpSettingsFile(home: string, environment: Environment): string;
  readonly mcpSettingsFormat: SettingsFormat;
  /** Its transcripts, in that folder. */
  readonly transcripts: string;
  /** What is registered always, and what besides with `--live`. */
  readonly events: readonly string[];
  readonly liveEvents: readonly string[];
  /** What a person may have to do besides. */
  readonly note: string | null;
}

export const codingAgents: readonly CodingAgent[] = [
  {
    name: 'claude-code',
    title: 'Claude Code',
    folder: (home, environment) => environment['CLAUDE_CONFIG_DIR'] || join(home, '.claude'),
    settingsFile: 'settings.json',
    mcpSettingsFile: (home, environment) => join(environment['CLAUDE_CONFIG_DIR'] || home, '.claude.json'),
    mcpSettingsFormat: 'json',
    transcripts: 'projects',
    events: ['SessionStart', 'Stop', 'SubagentStop', 'SessionEnd'],
    liveEvents: ['UserPromptSubmit', 'PostToolUse'],
    note: null,
  },
  {
    name: 'codex',
    title: 'Codex',
    folder: (home, environment) => environment['CODEX_HOME'] || join(home, '.codex'),
    settingsFile: 'hooks.json',
    mcpSettingsFile: (home, environment) =>
      join(environment['CODEX_HOME'] || join(home, '.codex'), 'config.toml'),
    mcpSettingsFormat: 'toml',
    transcripts: 'sessions',
    events: ['SessionStart', 'Stop'],
    liveEvents: ['UserPromptSubmit', 'PostToolUse'],
    note: 'Codex asks once whether it may run new hooks; versions that do not know them yet need "codex_hooks = true" under [features] in config.toml.',
  },
];
