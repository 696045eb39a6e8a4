import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { executeReap, type ReapOutcome } from '../reap/execute-reap.ts';
import { inspectProcesses } from '../reap/inspect-processes.ts';
import { planReap, type ReapPlan } from '../reap/plan-reap.ts';
import type { CliCommand } from './command.ts';
import { processJson, renderProcesses } from './describe-process.ts';
import { exitCodes } from './exit-codes.ts';
import { parseFlags } from './parse-flags.ts';

const help = `Usage: proc-guard reap [--yes] [--json] [--grace-ms N] [PID…]

Ends guarded trees whose owner is dead. Without --yes it only shows them, and with --yes it ends
what it shows. With PIDs: only what they belong to. A suspect (see proc-guard ps), and a tree that
has lost its guard while its owner lives, are ended only in this way.

Never touched: a tree with a living owner, what nobody guards and you did not name, what was
detached on purpose, and what belongs to another user.

  --yes         end what is shown
  --json        one object with "items" and "refused"
  --grace-ms N  between TERM and KILL (default 2000)

Exit codes: 0 nothing is left of what was to be ended; 1 something could not be ended, or a PID
was refused; 2 the command line is wrong.

Examples:
  proc-guard reap
  proc-guard reap --yes
  proc-guard reap --yes 4711
`;

export const reapCommand: CliCommand = {
  name: 'reap',
  summary: 'end guarded trees whose owner is dead (shows them first)',
  help,
  run: async (args, context) => {
    const { switches, values, words } = parseFlags('reap', args, {
      switches: ['--yes', '--json'],
      values: ['--grace-ms'],
    });
    const pids = words.map(parsePid);
    const graceMs = parseGrace(values.get('--grace-ms'));
    const plan = planReap(inspectProcesses(), { pids });
    const outcomes = switches.has('--yes') ? await executeReap(plan, { graceMs }) : undefined;
    context.stdout(
      switches.has('--json')
        ? `${JSON.stringify(reapJson(plan, outcomes), null, 2)}\n`
        : renderReap(plan, outcomes),
    );
    const wasRefused = plan.refused.some(({ pid }) => pids.includes(pid));
    const isLeft = outcomes?.some(({ left }) => left.length > 0) ?? false;
    return wasRefused || isLeft ? exitCodes.failed : exitCodes.ok;
  },
};

function parsePid(word: string): number {
  if (!/^[1-9]\d{0,9}$/.test(word)) throw new ProcGuardError('USAGE', `reap: ${word} is no process id`);
  return Number(word);
}

function parseGrace(text: string | undefined): number {
  if (text === undefined) return 2_000;
  if (!/^\d{1,7}$/.test(text)) {
    throw new ProcGuardError('USAGE', `reap: --grace-ms must be a number of milliseconds, not ${text}`);
  }
  return Number(text);
}

function reapJson(plan: ReapPlan, outcomes: readonly ReapOutcome[] | undefined): object {
  return {
    done: outcomes !== undefined,
    items: plan.items.map((item) => ({
      kind: item.kind,
      id: item.id,
      reason: item.reason,
      members: item.members.map(processJson),
      ...(outcomes === undefined ? {} : { left: leftOf(item.id, outcomes).map(({ pid }) => pid) }),
    })),
    refused: plan.refused,
  };
}

function renderReap(plan: ReapPlan, outcomes: readonly ReapOutcome[] | undefined): string {
  let text = '';
  for (const item of plan.items) {
    const left = outcomes === undefined ? undefined : leftOf(item.id, outcomes);
    const verb =
      left === undefined
        ? 'would end'
        : left.length === 0
          ? 'ended'
          : `could not end all (${left.length} left)`;
    text += `${verb}: ${item.reason}\n${renderProcesses(item.members)}`;
  }
  for (const { pid, reason } of plan.refused) text += `not touched: ${pid}: ${reason}\n`;
  if (plan.items.length === 0) text += 'Nothing to end.\n';
  else if (outcomes === undefined) text += 'Nothing was ended. proc-guard reap --yes ends what is shown.\n';
  return text;
}

function leftOf(id: string, outcomes: readonly ReapOutcome[]): ReapOutcome['left'] {
  return outcomes.find(({ item }) => item.id === id)?.left ?? [];
}
