import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

/** What the server is called in an agent's settings. */
export const MCP_SERVER_NAME = 'endwell';

/** Its program, and what tells it from other servers. */
export const MCP_SERVER_PROGRAM = 'mcp-knowledge-server';

/** How a client starts a server over stdio. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export interface McpServerCommandOptions {
  /** The guard: its native helper, or the launcher. */
  readonly guard: string;
  readonly node: string;
  /** What `findMcpServer` found. */
  readonly server: string;
  /** The data folder, where it is not the one that the agent's own environment would lead to. */
  readonly home: string | undefined;
}

/** By absolute paths, and with the guard in front, so that nothing that the server starts outlives the agent. */
export function mcpServerCommand({ guard, node, server, home }: McpServerCommandOptions): ServerCommand {
  return {
    command: guard,
    args: [
      'run',
      '--',
      ...(server.endsWith('.js') ? [node, server] : [server]),
      ...(home === undefined ? [] : ['--home', home]),
    ],
  };
}

/** The program beside this one, else the one on the search path. It is a package of its own, which may not be installed. */
export function findMcpServer(packageFolder: string, searchPath: string | undefined): string | undefined {
  const beside = join(dirname(packageFolder), MCP_SERVER_PROGRAM, 'bin', `${MCP_SERVER_PROGRAM}.js`);
  const folders = (searchPath ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = [beside, ...folders.map((folder) => join(folder, MCP_SERVER_PROGRAM))].find((path) =>
    existsSync(path),
  );
  return found === undefined ? undefined : realpathSync(found);
}

/** Whether a server's command starts our program, whatever is in front of it. */
export function isMcpServer({ command, args }: ServerCommand): boolean {
  return [command, ...args].some((word) => {
    const name = basename(word);
    return name === MCP_SERVER_PROGRAM || name === `${MCP_SERVER_PROGRAM}.js`;
  });
}

/** The files that it names by absolute paths. */
export function filesOfServer({ command, args }: ServerCommand): readonly string[] {
  const end = args.findIndex((word) => isMcpServer({ command: word, args: [] }));
  return [command, ...args.slice(0, end + 1)].filter((word) => word.startsWith('/'));
}

export function formatServerCommand({ command, args }: ServerCommand): string {
  return [command, ...args].join(' ');
}
