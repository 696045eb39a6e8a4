import { settingNames, settings } from '../config/settings.ts';

/** What `--help` prints. */
export function helpText(): string {
  const flags = settingNames.map((name) => {
    const { flag, placeholder, description, fallback, variable } = settings[name];
    return [
      `  --${flag} <${placeholder}>`,
      `      ${description}`,
      `      (${variable}; default ${fallback})`,
    ];
  });
  return `mcp-knowledge-server: an MCP server for an agent's own sessions and its knowledge base.

Over stdio it is started by an MCP client, creates nothing until a tool is called, and ends with its client:
when stdin closes, when the client dies, and on TERM, INT or HUP. Sessions that were started
through it end with it, each with its reason.

Usage
  mcp-knowledge-server [flags]

Examples
  proc-guard run -- mcp-knowledge-server
      As the command of an MCP client: nothing that the server starts outlives the client.
  mcp-knowledge-server --home /srv/endwell --log-level info
      Another data folder, and more on stderr.
  ENDWELL_HOME=/srv/endwell mcp-knowledge-server
      The same data folder, by the environment.
  mcp-knowledge-server --http --port 0
      For clients that connect by URL: prints one line with it when it is ready, and serves until
      Ctrl-C. Each call then says which session it is about.

Flags, each also an environment variable; the flag goes first
${flags.flat().join('\n')}
  --http
      Serve over Streamable HTTP instead of stdio
  --version
  -h, --help

Exit codes
  0   ended, also on a signal: whoever asked for the end got it
  1   an end that was not clean
  2   a wrong flag or configuration value
`;
}
