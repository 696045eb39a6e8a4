import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { Command, Option } from 'commander';

import { type CodingAgent, codingAgents } from '../../agent-settings/coding-agent.ts';
import { formatHookCommand } from '../../agent-settings/hook-command-line.ts';
import { homeForHook } from '../../agent-settings/hook-home.ts';
import { type HookPlan, planAddedHooks } from '../../agent-settings/plan-hooks.ts';
import { readSettings, type SettingsFile, writeSettings } from '../../agent-settings/settings-store.ts';
import { DiaryError } from '../../errors/diary-error.ts';
import { findTranscripts } from '../../import/transcript/find-transcripts.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { counted } from '../counted.ts';
import { describeHookPlan } from '../describe-hook-plan.ts';
import { databasePath } from '../with-session-manager.ts';
import { describeReport, importWithProgress } from './import-transcripts-command.ts';

interface InitFlags extends CommandFlags {
  readonly agent?: CodingAgent['name'];
  readonly live?: true;
  readonly context?: true;
  readonly import: boolean;
  readonly yes?: true;
}

interface Planned {
  readonly agent: CodingAgent;
  readonly folder: string;
  readonly file: SettingsFile;
  readonly plan: HookPlan;
}

export function initCommand(context: CommandContext): Command {
  const command = new Command('init')
    .description(
      'Have coding agents recorded: adds hooks to their settings, after showing the change and a yes',
    )
    .addOption(
      new Option('--agent <name>', 'only this agent; every one that is installed otherwise').choices(
        codingAgents.map(({ name }) => name),
      ),
    )
    .option('--live', 'take in every prompt and tool call at once, not only the end of a turn')
    .option('--context', 'tell the agent of the last sessions in its project when it starts')
    .option('--no-import', 'do not offer to import the sessions that the agents still keep')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
The hooks name this program by absolute paths. The settings before are kept in the data folder, and
"diary uninstall" takes everything away again. Run it again after an upgrade that moved the program.
Without a terminal and without --yes it only shows what it would do.

Examples:
  $ diary init
  $ diary init --agent claude-code --context
  $ diary init --yes --no-import`,
    )
    .action(async (flags: InitFlags) => init(context, flags));
  return addConfigOptions(command, commonSettings);
}

async function init(context: CommandContext, flags: InitFlags): Promise<void> {
  const planned = planAll(context, flags);
  const changed = planned.filter(({ plan }) => plan.changes.length > 0);
  for (const { agent, file, plan } of changed) {
    for (const line of describeHookPlan(`${agent.title}: ${file.path}`, plan)) context.print(line);
  }
  for (const { agent, file } of planned.filter((one) => !changed.includes(one)))
    context.print(`${agent.title}: ${file.path} has the hooks already.`);
  if (changed.length > 0) {
    if (!(await agreed(context, flags, 'Change these files?'))) return;
    const home = dirname(databasePath(context, flags));
    for (const { agent, file, plan } of changed) {
      writeSettings(home, file, plan.text);
      if (agent.note !== null) context.print(`${agent.title}: ${agent.note}`);
    }
    context.print(`Changed ${counted(changed.length, 'file')}. Agents that start from now on are recorded.`);
  }
  if (flags.import) await offerImport(context, flags, planned);
}

function planAll(context: CommandContext, flags: InitFlags): Planned[] {
  const { environment, program } = context;
  const home = environment['HOME'] ?? homedir();
  const wanted = codingAgents.filter(({ name }) => flags.agent === undefined || name === flags.agent);
  const installed = wanted.filter((agent) => existsSync(agent.folder(home, environment)));
  if (installed.length === 0) {
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
  return installed.map((agent) => {
    const folder = agent.folder(home, environment);
    const file = readSettings(join(folder, agent.settingsFile));
    const command = formatHookCommand({
      node: program.node,
      program: program.hook,
      agent: agent.name,
      context: flags.context === true,
      home: homeForHook(databasePath(context, flags), environment),
    });
    const events = flags.live === true ? [...agent.events, ...agent.liveEvents] : agent.events;
    return { agent, folder, file, plan: planAddedHooks(file.text ?? '', events, command, file.path) };
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
  planned: readonly Planned[],
): Promise<void> {
  const folders = planned
    .map(({ agent, folder }) => join(folder, agent.transcripts))
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
