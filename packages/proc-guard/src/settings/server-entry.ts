import { parseJsonc } from './parse-jsonc.ts';
import { parseToml } from './parse-toml.ts';
import {
  entryOf,
  type SettingsArray,
  type SettingsNode,
  type SettingsObject,
  type SettingsString,
} from './settings-node.ts';

/** A list with nothing but texts in it. */
export interface TextArray {
  readonly start: number;
  readonly end: number;
  readonly items: readonly SettingsString[];
}

/** One MCP server in a settings file. */
export interface ServerEntry {
  /** Where it is: `['mcpServers', 'files']`. */
  readonly path: readonly string[];
  readonly node: SettingsObject;
  readonly command: SettingsString | undefined;
  /** Undefined where there is none, or where not all of it is text. */
  readonly args: TextArray | undefined;
  readonly state: 'stdio' | 'guarded' | 'remote' | 'not understood';
}

/** What a person calls it: its name, with its project where there is one. */
export const serverName = (path: readonly string[]): string =>
  path[0] === 'projects' ? `${path.at(-1)} (${path[1]})` : (path.at(-1) ?? '');

/** Every MCP server that a settings file of a known client names. */
export function findServers(text: string, format: 'json' | 'toml'): readonly ServerEntry[] {
  const root = format === 'json' ? parseJsonc(text) : parseToml(text);
  const groups: (readonly string[])[] = [['mcpServers'], ['servers'], ['mcp', 'servers'], ['mcp_servers']];
  const projects = entryOf(root, 'projects');
  if (projects?.kind === 'object') {
    for (const { key } of projects.entries) groups.push(['projects', key, 'mcpServers']);
  }
  return groups.flatMap((group) => serversIn(root, group));
}

function serversIn(root: SettingsNode, group: readonly string[]): readonly ServerEntry[] {
  let node: SettingsNode | undefined = root;
  for (const key of group) node = entryOf(node, key);
  if (node?.kind !== 'object') return [];
  return node.entries.flatMap(({ key, value }) =>
    value.kind === 'object' ? [serverEntry([...group, key], value)] : [],
  );
}

function serverEntry(path: readonly string[], node: SettingsObject): ServerEntry {
  const commandNode = entryOf(node, 'command');
  const argsNode = entryOf(node, 'args');
  const command = commandNode?.kind === 'string' ? commandNode : undefined;
  const args = argsNode?.kind === 'array' ? textArray(argsNode) : undefined;
  return {
    path,
    node,
    command,
    args,
    state: stateOf(node, command, argsNode === undefined || args !== undefined, args),
  };
}

function textArray({ start, end, items }: SettingsArray): TextArray | undefined {
  const texts = items.filter((item) => item.kind === 'string');
  return texts.length === items.length ? { start, end, items: texts } : undefined;
}

function stateOf(
  node: SettingsObject,
  command: SettingsString | undefined,
  argsUnderstood: boolean,
  args: ServerEntry['args'],
): ServerEntry['state'] {
  if (command === undefined) return entryOf(node, 'url') === undefined ? 'not understood' : 'remote';
  const type = entryOf(node, 'type');
  if (type?.kind === 'string' && type.value !== 'stdio') return 'remote';
  if (!argsUnderstood) return 'not understood';
  const name = command.value.slice(command.value.lastIndexOf('/') + 1);
  const throughPackage = args?.items.some(({ value }) => value.includes('@endwell/proc-guard')) === true;
  return name === 'proc-guard' || name === 'proc-guard-native' || throughPackage ? 'guarded' : 'stdio';
}
