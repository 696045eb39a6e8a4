import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Command, Option } from 'commander';

import { type CodingAgent, codingAgents } from '../../agent-settings/coding-agent.ts';
import { findGuard } from '../../agent-settings/find-guard.ts';
import { formatHookCommand } from '../../agent-settings/hook-command-line.ts';
import { homeForHook } from '../../agent-settings/hook-home.ts';
import { findMcpServer, mcpServerCommand } from '../../agent-settings/mcp-server-command.ts';
import {
  type FileChange,
  homeOf,
  isInstalled,
  planHooksOf,
  planServerOf,
} from '../../agent-settings/plan-agent.ts';
import { writeSettings } from '../../agent-settings/settings-store.ts';
import { DiaryError, isDiaryError } from '../../errors/diary-error.ts';
import { findTranscripts } from '../../import/transcript/find-transcripts.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { counted } from '../counted.ts';
import { describeSettingsPlan } from '../describe-settings-plan.ts';
import { databasePath } from '../with-session-manager.ts';
import { describeReport, importWithProgress } from './import-transcripts-command.ts';

interface InitFlags extends CommandFlags {
  readonly agent?: CodingAgent['name'];
  readonly live?: true;
  readonly context?: true;
  readonly import: boolean;
  readonly mcp: boolean;
  readonly yes?: true;
}

export function initCommand(context: CommandContext): Command {
  const command = new Command('init')
    .description(
      'Set up coding agents: adds the hooks that record them, and the MCP server, after showing the change and a yes',
    )
    .addOption(
      new Option('--agent <name>', 'only this agent; every one that is installed otherwise').choices(
        codingAgents.map(({ name }) => name),
      ),
    )
    .option('--live', 'take in every prompt and tool call at once, not only the end of a turn')
    .option('--context', 'tell the agent of the last sessions in its project when it starts')
    .option('--no-mcp', 'do not offer the MCP server')
    .option('--no-import', 'do not offer to import the sessions that the agents still keep')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
The hooks and the MCP server (mcp-knowledge-server, under the guard of proc-guard) are named by absolute
paths. The settings before are kept in the data folder, and
"diary uninstall" takes everything away again. Run it again after an upgrade that moved the program.
Without a terminal and without --yes it only shows what it would do.

Examples:
  $ diary init
  $ diary init --agent claude-code --context
  $ diary init --no-mcp
  $ diary init --yes --no-import`,
    )
    .action(async (flags: InitFlags) => init(context, flags));
  return addConfigOptions(command, commonSettings);
}

async function init(context: CommandContext, flags: InitFlags): Promise<void> {
  const agents = installedAgents(context, flags);
  const hooks = planHooks(context, flags, agents);
  const servers = flags.mcp ? planServers(context, flags, agents) : [];
  for (const { agent, file, plan } of [...hooks, ...servers].filter(isChange)) {
    for (const line of describeSettingsPlan(`${agent.title}: ${file.path}`, plan)) context.print(line);
  }
  for (const { agent, file } of hooks.filter((one) => !isChange(one)))
    context.print(`${agent.title}: ${file.path} has the hooks already.`);
  for (const { agent, file } of servers.filter((one) => !isChange(one)))
    context.print(`${agent.title}: ${file.path} has the MCP server already.`);
  if (hooks.some(isChange)) {
    if (!(await agreed(context, flags, 'Add the hooks?'))) return;
    for (const agent of write(context, flags, hooks))
      if (agent.note !== null) context.print(`${agent.title}: ${agent.note}`);
    context.print('Agents that start from now on are recorded.');
  }
  if (servers.some(isChange) && (await agreed(context, flags, 'Add the MCP server?'))) {
    write(context, flags, servers);
    context.print('Agents that start from now on have its tools.');
  }
  if (flags.import) await offerImport(context, flags, agents);
}

const isChange = ({ plan }: FileChange): boolean => plan.changes.length > 0;

/** The agents whose settings were changed. */
function write(context: CommandContext, flags: InitFlags, planned: readonly FileChange[]): CodingAgent[] {
  const home = dirname(databasePath(context, flags));
  const changed = planned.filter(isChange);
  for (const { file, plan } of changed) writeSettings(home, file, plan.text);
  context.print(`Changed ${counted(changed.length, 'file')}.`);
  return changed.map(({ agent }) => agent);
}

function installedAgents({ environment, program }: CommandContext, flags: InitFlags): CodingAgent[] {
  const wanted = codingAgents.filter(({ name }) => flags.agent === undefined || name === flags.agent);
  const installed = wanted.filter((agent) => isInstalled(agent, environment));
  if (installed.length === 0) {
    const home = homeOf(environment);
    const places = wanted.map((agent) => `${agent.title} (${agent.folder(home, environment)})`);
    throw new DiaryError(
      'INVALID_ARGUMENT',
      `No coding agent was found: looked for ${places.join(' and ')}.`,
    );
  }
  if (/[\\/]_npx[\\/]/.test(program.hook)) {
    throw new DiaryError(
      'INVALID_ARGUMENT',
      'This program was started by npx, from a folder that npm removes again: install it, for instance with npm install --global @endwell/diary-api.',
    );
  }
  return installed;
}

function planHooks(
  context: CommandContext,
  flags: InitFlags,
  agents: readonly CodingAgent[],
): readonly FileChange[] {
  const { environment, program } = context;
  return agents.map((agent) => {
    const command = formatHookCommand({
      node: program.node,
      program: program.hook,
      agent: agent.name,
      context: flags.context === true,
      home: homeForHook(databasePath(context, flags), environment),
    });
    const events = flags.live === true ? [...agent.events, ...agent.liveEvents] : agent.events;
    return planHooksOf(agent, environment, events, command);
  });
}

function planServers(
  context: CommandContext,
  flags: InitFlags,
  agents: readonly CodingAgent[],
): readonly FileChange[] {
  const { environment, program } = context;
  const server = findMcpServer(dirname(dirname(program.hook)), environment['PATH']);
  if (server === undefined) {
    context.print(
      'The MCP server is not installed: npm install --global @endwell/mcp-knowledge-server, then run this again.',
    );
    return [];
  }
  const home = homeForHook(databasePath(context, flags), environment);
  const command = mcpServerCommand({ guard: findGuard(), node: program.node, server, home });
  return agents.flatMap((agent) => {
    try {
      return [planServerOf(agent, environment, command)];
    } catch (error) {
      // The hooks are in another file.
      if (!isDiaryError(error)) throw error;
      context.print(`${agent.title}: the MCP server cannot be added. ${error.message}`);
      return [];
    }
  });
}

async function agreed(context: CommandContext, flags: InitFlags, question: string): Promise<boolean> {
  if (flags.yes === true) return true;
  const answer = await context.confirm(question);
  if (answer === true) return true;
  context.print(
    answer === undefined ? 'Nothing was changed: --yes does it without a terminal.' : 'Nothing was changed.',
  );
  return false;
}

/** Agents delete their transcripts after some weeks. */
async function offerImport(
  context: CommandContext,
  flags: InitFlags,
  agents: readonly CodingAgent[],
): Promise<void> {
  const { environment } = context;
  const folders = agents
    .map((agent) => join(agent.folder(homeOf(environment), environment), agent.transcripts))
    .filter((path) => existsSync(path));
  const found = await findTranscripts(folders);
  if (found.length === 0) return;
  const megabytes = found.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000_000;
  const what = `${counted(found.length, 'transcript')} (${megabytes.toFixed(1)} MB)`;
  if (flags.yes !== true && (await context.confirm(`Import the history too: ${what}?`)) !== true) {
    context.print(`Not imported: ${what}. "diary import transcripts ${folders.join(' ')}" does it any time.`);
    return;
  }
  for (const line of describeReport(await importWithProgress(context, flags, folders))) context.print(line);
}
