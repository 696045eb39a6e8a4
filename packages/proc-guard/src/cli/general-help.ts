import type { CliCommand } from './command.ts';
import { exitCodeTable } from './exit-codes.ts';

export function generalHelp(commands: readonly CliCommand[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `proc-guard: no process outlives its purpose

Usage: proc-guard <command> [flags]

Commands:
${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

  --help, --version; proc-guard <command> --help for a command's flags

Examples:
  proc-guard run -- npx -y some-mcp-server    an MCP server that never becomes an orphan
  proc-guard run -- claude                    everything that the agent starts ends with it
  proc-guard wrap --all                       put the guard in front of every MCP server that is set up here
  proc-guard ps                               what is guarded, what was left behind, what looks like it
  proc-guard reap --yes                       end what was left behind

Exit codes:
${exitCodeTable.map(([code, meaning]) => `  ${code.padEnd(5)}  ${meaning}`).join('\n')}
`;
}
