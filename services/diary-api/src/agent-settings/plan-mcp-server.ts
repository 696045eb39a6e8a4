import { isObject, type JsonObject } from '../import/transcript/parse-object.ts';
import { changeJson, invalidSettings, objectIn, readJsonSettings } from './json-settings.ts';
import {
  formatServerCommand,
  isMcpServer,
  MCP_SERVER_NAME,
  MCP_SERVER_PROGRAM,
  type ServerCommand,
} from './mcp-server-command.ts';
import type { SettingsChange, SettingsPlan } from './settings-plan.ts';
import { addTomlServer, readTomlSettings, removeTomlServer } from './toml-servers.ts';

export type SettingsFormat = 'json' | 'toml';

/** The table of the servers in each format. */
const tables: Readonly<Record<SettingsFormat, string>> = { json: 'mcpServers', toml: 'mcp_servers' };

/**
 * What adding our MCP server changes. One of ours that is there already under our name is brought up to date; under
 * another name it was put there by a person, and stays the only one.
 *
 * @throws DiaryError `SETTINGS_INVALID`, also where another server has our name
 */
export function planAddedMcpServer(
  text: string,
  format: SettingsFormat,
  wanted: ServerCommand,
  path: string,
): SettingsPlan {
  const servers = serversIn(text, format, path);
  const own = servers.get(MCP_SERVER_NAME);
  if (own !== undefined && !isMcpServer(own)) {
    throw invalidSettings(path, `a server of another kind is called ${JSON.stringify(MCP_SERVER_NAME)}`);
  }
  const isThere = own === undefined ? [...servers.values()].some(isMcpServer) : isSame(own, wanted);
  if (isThere) return { text, changes: [] };
  const base = own === undefined ? text : withoutServer(text, format, path);
  return {
    text:
      format === 'json' ? addJsonServer(base, wanted) : addTomlServer(base, MCP_SERVER_NAME, wanted, path),
    changes: [change(own, wanted)],
  };
}

/**
 * What taking our MCP server away changes, with the table that it leaves empty.
 *
 * @throws DiaryError `SETTINGS_INVALID`
 */
export function planRemovedMcpServer(text: string, format: SettingsFormat, path: string): SettingsPlan {
  const own = ourMcpServer(text, format, path);
  if (own === undefined) return { text, changes: [] };
  return { text: withoutServer(text, format, path), changes: [change(own, undefined)] };
}

/** Our MCP server under our own name; settings that have nothing of ours need not be right. @throws DiaryError `SETTINGS_INVALID` */
export function ourMcpServer(text: string, format: SettingsFormat, path: string): ServerCommand | undefined {
  if (!text.includes(MCP_SERVER_PROGRAM)) return undefined;
  const own = serversIn(text, format, path).get(MCP_SERVER_NAME);
  return own !== undefined && isMcpServer(own) ? own : undefined;
}

function withoutServer(text: string, format: SettingsFormat, path: string): string {
  if (format === 'toml') return removeTomlServer(text, MCP_SERVER_NAME, path);
  const { size } = serversIn(text, format, path);
  return changeJson(text, size > 1 ? ['mcpServers', MCP_SERVER_NAME] : ['mcpServers'], undefined);
}

function addJsonServer(text: string, { command, args }: ServerCommand): string {
  const body = text.trim() === '' ? '{}\n' : text;
  return changeJson(body, ['mcpServers', MCP_SERVER_NAME], { type: 'stdio', command, args });
}

function serversIn(text: string, format: SettingsFormat, path: string): Map<string, ServerCommand> {
  const settings = format === 'json' ? readJsonSettings(text, path) : readTomlSettings(text, path);
  const servers: JsonObject = objectIn(settings, tables[format], path);
  return new Map(Object.entries(servers).map(([name, server]) => [name, commandOf(server)]));
}

/** A server that is reached by its address has no command. */
function commandOf(server: unknown): ServerCommand {
  const { command, args } = isObject(server) ? server : {};
  return {
    command: typeof command === 'string' ? command : '',
    args: Array.isArray(args) ? args.map(String) : [],
  };
}

function isSame(one: ServerCommand, other: ServerCommand): boolean {
  return JSON.stringify([one.command, one.args]) === JSON.stringify([other.command, other.args]);
}

function change(before: ServerCommand | undefined, after: ServerCommand | undefined): SettingsChange {
  return {
    place: `MCP server ${MCP_SERVER_NAME}`,
    before: before === undefined ? null : formatServerCommand(before),
    after: after === undefined ? null : formatServerCommand(after),
  };
}
