import { inspectProcesses, type ProcessInspection } from '../reap/inspect-processes.ts';
import type { TreeState } from '../trees/guarded-tree.ts';
import type { CliCommand } from './command.ts';
import { renderProcesses, suspectJson, treeJson } from './describe-process.ts';
import { exitCodes } from './exit-codes.ts';
import { parseFlags } from './parse-flags.ts';
import { refuseWords } from './refuse-words.ts';

const help = `Usage: proc-guard ps [--json]

Shows guarded trees and what was left behind, and suspects: stdio servers that nobody guards and
that nobody can talk to any more, as the kernel sees it. Ends nothing; see proc-guard reap.

  --json  one object with "trees" and "suspects"

Examples:
  proc-guard ps
  proc-guard ps --json | jq '.suspects[].pid'
`;

export const psCommand: CliCommand = {
  name: 'ps',
  summary: 'show what is guarded, what was left behind, and what looks like it',
  help,
  run: (args, context) => {
    const { switches, words } = parseFlags('ps', args, { switches: ['--json'] });
    refuseWords('ps', words);
    const inspection = inspectProcesses();
    if (switches.has('--json')) {
      const { trees, suspects } = inspection;
      context.stdout(
        `${JSON.stringify({ trees: trees.map(treeJson), suspects: suspects.map(suspectJson) }, null, 2)}\n`,
      );
    } else {
      context.stdout(renderInspection(inspection));
    }
    return exitCodes.ok;
  },
};

const stateSentences: Record<TreeState, string> = {
  guarded: 'guarded',
  ending: 'owner dead, its guard is ending it',
  orphaned: 'ORPHANED: owner and guard are dead (proc-guard reap)',
  'guard-lost': 'guard dead, owner alive: nobody ends it (proc-guard reap PID)',
  unknown: 'owner cannot be looked at from here',
};

function renderInspection({ trees, suspects }: ProcessInspection): string {
  if (trees.length === 0 && suspects.length === 0)
    return 'Nothing is guarded here, and nothing looks left behind.\n';
  let text = '';
  for (const tree of trees) {
    text += `tree of guard ${tree.guardPid}, owner ${tree.owner.pid} (${tree.ownerState}): ${stateSentences[tree.state]}\n`;
    text += renderProcesses(tree.members);
  }
  for (const suspect of suspects) {
    text += `suspect ${suspect.process.pid}: ${suspect.explanation}\n`;
    text += renderProcesses([suspect.process, ...suspect.descendants]);
  }
  return text;
}
