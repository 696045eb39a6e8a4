import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { isSessionError } from '@endwell/session-core';
import { openComponent } from '@endwell/session-core/sqlite';

import { codingAgents } from '../agent-settings/coding-agent.ts';
import { filesOfHookCommand } from '../agent-settings/hook-command-line.ts';
import { ourHooks } from '../agent-settings/plan-hooks.ts';
import { filesOfServer } from '../agent-settings/mcp-server-command.ts';
import { readServerSettings } from '../agent-settings/plan-agent.ts';
import { ourMcpServer } from '../agent-settings/plan-mcp-server.ts';
import { readSettings } from '../agent-settings/settings-store.ts';
import type { Environment } from '../config/resolve-config.ts';
import { diaryMigrations } from '../database/diary-migrations.ts';
import { isDiaryError } from '../errors/diary-error.ts';
import { readHookRefusals } from '../hook/hook-refusals.ts';
import { readPrivacyRules } from '../privacy/privacy-file.ts';
import { isPausedAt } from '../privacy/privacy-rules.ts';
import type { Finding } from './finding.ts';

/** Whether what the agents start as our MCP server exists. One that has none is not told to have one. */
export function examineMcpServers(environment: Environment): Finding[] {
  return codingAgents.flatMap((agent): Finding[] => {
    try {
      const { text, path } = readServerSettings(agent, environment);
      const server = text === null ? undefined : ourMcpServer(text, agent.mcpSettingsFormat, path);
      if (server === undefined) return [];
      const missing = filesOfServer(server).filter((file) => !existsSync(file));
      if (missing.length === 0)
        return [{ check: 'mcp', level: 'ok', what: `${agent.title} has the MCP server.` }];
      return [
        {
          check: 'mcp',
          level: 'problem',
          what: `The MCP server of ${agent.title} names ${missing.join(' and ')}, which is not there.`,
          meaning: 'The agent cannot start it.',
          fix: 'diary init',
        },
      ];
    } catch (error) {
      if (!isDiaryError(error)) throw error;
      return [{ check: 'mcp', level: 'problem', what: error.message, fix: 'Correct the file by hand.' }];
    }
  });
}

/** Whether the agents' hooks are there and name programs that exist. */
export function examineHooks(home: string, environment: Environment): Finding[] {
  return codingAgents.flatMap((agent): Finding[] => {
    const folder = agent.folder(home, environment);
    if (!existsSync(folder)) return [];
    try {
      const file = readSettings(join(folder, agent.settingsFile));
      const hooks = file.text === null ? [] : ourHooks(file.text, file.path);
      const missing = [...new Set(hooks.flatMap(({ command }) => filesOfHookCommand(command) ?? []))].filter(
        (path) => !existsSync(path),
      );
      if (missing.length > 0) {
        return [
          {
            check: 'hooks',
            level: 'problem',
            what: `The hooks of ${agent.title} name ${missing.join(' and ')}, which is not there.`,
            meaning: 'What the agent does is not recorded.',
            fix: 'diary init',
          },
        ];
      }
      const unheard = agent.events.filter((event) => !hooks.some((hook) => hook.event === event));
      if (unheard.length === 0)
        return [{ check: 'hooks', level: 'ok', what: `${agent.title} calls the hooks.` }];
      return [
        {
          check: 'hooks',
          level: 'warning',
          what: `${agent.title} does not call ${hooks.length === 0 ? 'the hooks' : `the hooks ${unheard.join(', ')}`}.`,
          meaning: 'What it does is not recorded while it runs.',
          fix: 'diary init',
        },
      ];
    } catch (error) {
      if (!isDiaryError(error)) throw error;
      return [{ check: 'hooks', level: 'problem', what: error.message, fix: 'Correct the file by hand.' }];
    }
  });
}

export function examinePrivacy(databasePath: string, now: number): Finding[] {
  try {
    const rules = readPrivacyRules(databasePath);
    if (!isPausedAt(rules, now)) return [];
    const what = 'Recording is paused.';
    return [
      {
        check: 'privacy',
        level: 'warning',
        what,
        meaning: 'What agents do now is never recorded.',
        fix: 'diary resume',
      },
    ];
  } catch (error) {
    if (!isDiaryError(error)) throw error;
    return [
      {
        check: 'privacy',
        level: 'problem',
        what: error.message,
        meaning: 'Hooks record nothing, because they cannot tell what must stay out.',
        fix: 'Correct or remove the file.',
      },
    ];
  }
}

/** What hooks were refused because a limit was reached. */
export async function examineQuota(databasePath: string): Promise<Finding[]> {
  try {
    const migrations = [...diaryMigrations];
    await using database = await openComponent({
      path: databasePath,
      component: 'diary',
      migrations,
      readOnly: true,
    });
    return (await readHookRefusals(database)).map(({ code, count, lastAt }) => ({
      check: 'quota',
      level: 'warning',
      what: `${code}: hooks were refused ${count} times, last at ${new Date(lastAt).toISOString()}.`,
      meaning: 'Too many sessions were active, or started too fast, to record another.',
      fix: 'diary sessions list --state active shows them; diary sessions end ends one',
    }));
  } catch (error) {
    // Nothing of this service has been stored yet; what is wrong with the store is told by its own check.
    if (isSessionError(error)) return [];
    throw error;
  }
}
