import { describeSupport, type SupportDescription } from '../support/describe-support.ts';
import type { CliCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { parseFlags } from './parse-flags.ts';
import { refuseWords } from './refuse-words.ts';

const help = `Usage: proc-guard doctor [--json]

Says which layers and which containment work here, and what is weaker than it could be.

Exit codes: 0 everything is there; 1 the native helper or the identity of processes is missing.

Examples:
  proc-guard doctor
  proc-guard doctor --json | jq .containment
`;

export const doctorCommand: CliCommand = {
  name: 'doctor',
  summary: 'say what works on this machine and what does not',
  help,
  run: (args, context) => {
    const { switches, words } = parseFlags('doctor', args, { switches: ['--json'] });
    refuseWords('doctor', words);
    const support = describeSupport();
    context.stdout(switches.has('--json') ? `${JSON.stringify(support, null, 2)}\n` : renderSupport(support));
    return support.gaps.length === 0 ? exitCodes.ok : exitCodes.failed;
  },
};

function renderSupport(support: SupportDescription): string {
  const { helper, layers, containment } = support;
  const lines = [
    `platform     ${support.platform}, Node ${support.node}`,
    `helper       ${helper.path ?? `missing: ${helper.reason}`}`,
    `guard        ${layers.guard}`,
    `watcher      ${layers.watcher}`,
    `identity     ${layers.identity}`,
    ...Object.entries(containment).map(
      ([level, { available, reason }]) => `${level.padEnd(12)} ${available ? 'yes' : `no: ${reason}`}`,
    ),
    ...support.gaps.map((gap) => `weaker here: ${gap}`),
  ];
  if (helper.path === undefined && support.platform.startsWith('linux')) {
    lines.push(
      `to get it:   npm install @endwell/proc-guard-${support.platform} (an optional dependency; was it left out?)`,
    );
  }
  return `${lines.join('\n')}\n`;
}
