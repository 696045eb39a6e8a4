import { findClient } from '../client/find-client.ts';
import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { guardCommand } from '../guard-fallback/guard-command.ts';
import { endWithOwner } from '../guard-fallback/end-with-owner.ts';
import { findHelper } from '../helper/find-helper.ts';
import { formatIdentity } from '../identity/process-identity.ts';
import { currentIdentity } from '../identity/read-identity.ts';
import { becomeHelper } from './become-helper.ts';
import type { CliCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { parseFlags } from './parse-flags.ts';

// Word for word what the native helper prints, which answers for itself where it is installed.
const help = `Usage: proc-guard run [flags] [--] command [arguments…]

Runs the command. When it ends, or when whoever started us dies in any way, everything that
descends from it is ended: TERM, then KILL.

  --grace-ms N              milliseconds between TERM and KILL, 0: KILL at once (default 700)
  --contain WHAT            tree: what descends from the command (default)
                            namespace: a pid namespace; the kernel ends it even if we are killed
                            cgroup: a delegated control group (v2), likewise
                            auto: cgroup where delegated, else tree
  --single-instance NAME    refuse to start while another one of that name runs
  --client IDENTITY         end with this process instead of the one that started us
  --parent PID              start nothing unless this is our parent
  --report                  say on stderr which containment was chosen

Examples:
  proc-guard run -- npx -y some-mcp-server
  proc-guard run --grace-ms 0 -- ./worker --port 8080
  proc-guard run --contain namespace -- make test
  proc-guard run --single-instance indexer -- python3 indexer.py

Exit codes: the command's own (a signal as that signal); 2 wrong flag, 75 the name is taken,
125 it cannot be guarded here, 126 cannot be executed, 127 command not found.
`;

/** `run` on Node: hands over to the native helper, or guards by itself where there is none. */
export const runCommand: CliCommand = {
  name: 'run',
  summary: 'run a command whose whole tree ends with whoever started it',
  help,
  run: async (args, context) => {
    const helper = findHelper();
    if (helper.path !== undefined) return becomeHelper(helper.path, ['run', ...args], context);

    const { values, words } = parseFlags('run', args, {
      switches: ['--report'],
      values: ['--grace-ms', '--contain', '--single-instance', '--client', '--parent'],
      stopAtFirstWord: true,
    });
    const [command, ...rest] = words;
    if (command === undefined) {
      throw new ProcGuardError('USAGE', 'run: there is no command to run (see proc-guard run --help)');
    }
    const graceMs = checkGrace(values.get('--grace-ms'));
    const contain = values.get('--contain') ?? 'tree';
    if (!['tree', 'auto', 'namespace', 'cgroup'].includes(contain)) {
      throw new ProcGuardError(
        'USAGE',
        `run: --contain must be tree, namespace, cgroup or auto, not ${contain}`,
      );
    }
    for (const flag of [
      '--single-instance',
      ...(contain === 'namespace' || contain === 'cgroup' ? ['--contain'] : []),
    ]) {
      if (!values.has(flag)) continue;
      context.stderr(
        `proc-guard: ${flag} ${values.get(flag)} needs the native helper, and ${helper.reason}\n`,
      );
      return exitCodes.guardFailed;
    }

    if (command === '') {
      context.stderr('proc-guard: : command not found\n');
      return exitCodes.notFound;
    }

    const { client } = findClient();
    const owner = values.get('--client') ?? formatIdentity(client ?? currentIdentity());
    const guard = endWithOwner((stdio) =>
      guardCommand({ command, args: rest, owner, graceMs, stdio, ownGroup: false }),
    );
    const exit = await guard.finished;
    if ('code' in exit && exit.code === exitCodes.notFound && guard.child.pid === undefined) {
      context.stderr(`proc-guard: ${command}: command not found\n`);
    }
    context.exitAs(exit);
    return exitCodes.ok;
  },
};

function checkGrace(text: string | undefined): number {
  if (text === undefined) return 700;
  if (!/^\d{1,8}$/.test(text)) {
    throw new ProcGuardError('USAGE', `run: --grace-ms must be a number of milliseconds, not ${text}`);
  }
  return Number(text);
}
