import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Put `proc-guard run --` in front of everything that an agent starts. */
  readonly guard: boolean;
  readonly agents: number;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const helpText = `npm run demo: a fleet of agents, half of them killed, and nothing left behind.

Starts 20 stand-in agents. Each is a process of its own that starts an MCP server over stdio and a
shell, both through \`proc-guard run --\`, opens a session with start_session and logs actions; its
shell leaves a background child that ignores TERM. Half of the agents are killed with SIGKILL at a
random moment, the others end their session and close. Then it shows how each session ended, and
counts from outside what is left: processes, session files, databases.

Usage
  npm run demo                     exits 0 only if all of this is so: every session has exactly one
                                   end with the reason that fits, every acknowledged action is
                                   stored, 0 orphans, 0 session files, one database
  npm run demo -- --no-guard       the control: the same fleet without proc-guard. Exits 0 only if
                                   it shows orphans, and then ends them
  npm run demo -- --agents 50      another number of agents (2 to 200)

It runs on Linux, in a folder of its own, ends on Ctrl-C and leaves nothing behind. With a C compiler the
orphans are counted by a subreaper that adopts whatever is left, and by an environment entry that
every process of the demo inherits; without one by the entry alone.
`;

export function parseOptions(args: readonly string[]): DemoOptions | 'help' {
  const { values } = parse(args);
  if (values.help === true) return 'help';
  const agents = Number(values.agents ?? 20);
  if (!Number.isInteger(agents) || agents < 2 || agents > 200) {
    throw new UsageError(`INVALID_ARGUMENT: --agents must be a whole number from 2 to 200`);
  }
  return { guard: values['no-guard'] !== true, agents };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'no-guard': { type: 'boolean' },
        agents: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`INVALID_ARGUMENT: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
