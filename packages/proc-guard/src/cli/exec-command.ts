import { findHelper } from '../helper/find-helper.ts';
import { becomeHelper } from './become-helper.ts';
import type { CliCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';

// Word for word what the native helper prints, which answers for itself where it is installed.
const help = `Usage: proc-guard exec [--parent PID] [--] command [arguments…]

Sets the kernel's parent-death signal and becomes the command. ONLY this one process ends with its
starter: what it starts is NOT guarded. Use run for a tree.

  --parent PID   start nothing unless this is our parent

Examples:
  proc-guard exec -- node server.js

Exit codes: the command's own; 2 wrong flag, 125 the parent has ended already, 126 cannot be
executed, 127 command not found.
`;

export const execCommand: CliCommand = {
  name: 'exec',
  summary: 'become a command that the kernel ends with its parent (this one process only)',
  help,
  run: (args, context) => {
    const helper = findHelper();
    if (helper.path !== undefined) return becomeHelper(helper.path, ['exec', ...args], context);
    context.stderr(`proc-guard: exec needs the native helper, and ${helper.reason}; run works without it\n`);
    return exitCodes.guardFailed;
  },
};
