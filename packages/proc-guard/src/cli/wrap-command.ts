import { isProcGuardError, ProcGuardError } from '../errors/proc-guard-error.ts';
import type { FilePlan } from '../settings/file-plan.ts';
import { knownSettingsFiles } from '../settings/known-settings-files.ts';
import { planUndo } from '../settings/plan-undo.ts';
import { planWrap } from '../settings/plan-wrap.ts';
import { readSettingsFile, replaceSettingsFile } from '../settings/settings-file.ts';
import {
  backupPathOf,
  readWrapRecord,
  recordFolder,
  removeWrapRecord,
  writeWrapRecord,
} from '../settings/wrap-record.ts';
import type { ServerCommand } from '../settings/wrap-server.ts';
import type { CliCommand, CliContext } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { permanentGuardPath } from './guard-path.ts';
import { parseFlags } from './parse-flags.ts';

const help = `Usage: proc-guard wrap [--all | FILE…] [--undo] [--yes]

Puts the guard in front of every stdio server in the settings of MCP clients, by its absolute path.
Shows the change and asks. Comments and formatting stay; servers over HTTP, and those that are
guarded already, are left as they are; a guard that has moved since (an upgrade) is found again.
--undo takes it back, byte by byte where nobody has changed the file since; else server by server,
also where one was renamed or got other arguments. What it cannot undo it says, with what to write
instead and where the file as it was is kept.

  --all   the settings of Claude Code, Claude Desktop, Cursor, VS Code and Codex that exist, for
          this user and for this folder
  --undo  take the guard away again
  --yes   do not ask

Without a terminal and without --yes it only shows. The originals are kept in
$ENDWELL_HOME/wrapped-settings (default ~/.local/state/endwell/wrapped-settings), for you only.

Exit codes: 0 done, or nothing to do; 1 a file could not be read or a server not be undone; 2 the
command line is wrong.

Examples:
  proc-guard wrap --all
  proc-guard wrap .mcp.json --yes
  proc-guard wrap --all --undo
`;

interface PlannedFile extends FilePlan {
  readonly commit: () => void;
  /** An undo that leaves a guard in the file. */
  readonly incomplete: boolean;
}

export const wrapCommand: CliCommand = {
  name: 'wrap',
  summary: 'put the guard in front of the MCP servers in settings files (asks first)',
  help,
  run: async (args, context) => {
    const { switches, words } = parseFlags('wrap', args, { switches: ['--all', '--undo', '--yes'] });
    const all = switches.has('--all');
    if (all === words.length > 0) {
      throw new ProcGuardError(
        'USAGE',
        'wrap: give either --all or the FILEs to change (see proc-guard wrap --help)',
      );
    }
    const undo = switches.has('--undo');
    const paths = all ? knownSettingsFiles(context.env, context.cwd).map(({ path }) => path) : words;
    const { plans, failed } = planFiles(paths, undo, context);
    context.stdout(renderPlans(plans));
    const changed = plans.filter(({ changes }) => changes.length > 0);
    const incomplete = failed || plans.some((plan) => plan.incomplete);
    if (changed.length === 0) {
      context.stdout('Nothing to change.\n');
    } else if (switches.has('--yes') || (await context.confirm?.('Change these files?')) === true) {
      for (const plan of changed) plan.commit();
      context.stdout(
        `Changed ${changed.length} file${changed.length === 1 ? '' : 's'}. Restart the clients that use them.\n`,
      );
    } else {
      context.stdout('Nothing was changed. --yes changes it without asking.\n');
    }
    return incomplete ? exitCodes.failed : exitCodes.ok;
  },
};

/** A file that cannot be read is told, and the others go on. */
function planFiles(
  paths: readonly string[],
  undo: boolean,
  context: CliContext,
): { readonly plans: readonly PlannedFile[]; readonly failed: boolean } {
  const folder = recordFolder(context.env);
  const guard = undo ? '' : permanentGuardPath();
  const plans: PlannedFile[] = [];
  let failed = false;
  for (const path of paths) {
    try {
      const plan = undo ? undoFile(path, folder) : wrapFile(path, guard, folder);
      if (plan !== undefined) plans.push(plan);
      else context.stdout(`${path}\n  it was not wrapped by proc-guard\n`);
    } catch (error) {
      if (!isProcGuardError(error)) throw error;
      failed = true;
      context.stderr(`proc-guard: ${error.message.startsWith('line') ? `${path}: ` : ''}${error.message}\n`);
    }
  }
  return { plans, failed };
}

function wrapFile(path: string, guard: string, folder: string): PlannedFile {
  const file = readSettingsFile(path);
  const plan = planWrap(file, guard, readWrapRecord(folder, file.path), backupPathOf(folder, file.path));
  return {
    ...plan,
    incomplete: false,
    commit: () => {
      // First what is needed to undo: there is no moment in which it could not be.
      writeWrapRecord(folder, plan.record);
      replaceSettingsFile(file, plan.text);
    },
  };
}

function undoFile(path: string, folder: string): PlannedFile | undefined {
  const file = readSettingsFile(path);
  const record = readWrapRecord(folder, file.path);
  if (record === undefined) return undefined;
  const plan = planUndo(file, record);
  return {
    ...plan,
    incomplete: plan.left.length > 0,
    commit: () => {
      replaceSettingsFile(file, plan.text);
      // What could not be undone keeps its backup.
      if (plan.left.length === 0) removeWrapRecord(folder, file.path);
      else writeWrapRecord(folder, { ...record, servers: plan.left });
    },
  };
}

function renderPlans(plans: readonly FilePlan[]): string {
  let text = '';
  for (const { file, changes, skipped } of plans) {
    text += `${file.path}\n`;
    for (const { name, before, after } of changes) {
      text += `  ${name}\n    - ${commandText(before)}\n    + ${commandText(after)}\n`;
    }
    for (const { name, reason } of skipped) text += `  ${name}: ${reason}\n`;
  }
  return text;
}

function commandText({ command, args }: ServerCommand): string {
  return [command, ...args]
    .map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : JSON.stringify(word)))
    .join(' ');
}
