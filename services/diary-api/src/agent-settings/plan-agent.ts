import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { Environment } from '../config/resolve-config.ts';
import { type CodingAgent, codingAgents } from './coding-agent.ts';
import type { ServerCommand } from './mcp-server-command.ts';
import { planAddedHooks, planRemovedHooks } from './plan-hooks.ts';
import { planAddedMcpServer, planRemovedMcpServer } from './plan-mcp-server.ts';
import type { SettingsPlan } from './settings-plan.ts';
import { readSettings, type SettingsFile } from './settings-store.ts';

/** A change of one of an agent's settings files. */
export interface FileChange {
  readonly agent: CodingAgent;
  readonly file: SettingsFile;
  readonly plan: SettingsPlan;
}

/** Where the agents keep their folders. */
export function homeOf(environment: Environment): string {
  return environment['HOME'] ?? homedir();
}

export function isInstalled(agent: CodingAgent, environment: Environment): boolean {
  return existsSync(agent.folder(homeOf(environment), environment));
}

/** @throws DiaryError `SETTINGS_INVALID`, `SETTINGS_UNREADABLE` */
export function planHooksOf(
  agent: CodingAgent,
  environment: Environment,
  events: readonly string[],
  command: string,
): FileChange {
  const file = readHookSettings(agent, environment);
  return { agent, file, plan: planAddedHooks(file.text ?? '', events, command, file.path) };
}

/** @throws DiaryError `SETTINGS_INVALID`, `SETTINGS_UNREADABLE` */
export function planServerOf(
  agent: CodingAgent,
  environment: Environment,
  command: ServerCommand,
): FileChange {
  const file = readServerSettings(agent, environment);
  const plan = planAddedMcpServer(file.text ?? '', agent.mcpSettingsFormat, command, file.path);
  return { agent, file, plan };
}

/** All that takes our part of the agents' settings away. @throws DiaryError `SETTINGS_INVALID`, `SETTINGS_UNREADABLE` */
export function planRemoval(environment: Environment): FileChange[] {
  return codingAgents
    .flatMap((agent): FileChange[] => {
      const hooks = readHookSettings(agent, environment);
      const servers = readServerSettings(agent, environment);
      return [
        { agent, file: hooks, plan: planRemovedHooks(hooks.text ?? '', hooks.path) },
        {
          agent,
          file: servers,
          plan: planRemovedMcpServer(servers.text ?? '', agent.mcpSettingsFormat, servers.path),
        },
      ];
    })
    .filter(({ file, plan }) => file.text !== null && plan.changes.length > 0);
}

export function readHookSettings(agent: CodingAgent, environment: Environment): SettingsFile {
  return readSettings(join(agent.folder(homeOf(environment), environment), agent.settingsFile));
}

export function readServerSettings(agent: CodingAgent, environment: Environment): SettingsFile {
  return readSettings(agent.mcpSettingsFile(homeOf(environment), environment));
}
