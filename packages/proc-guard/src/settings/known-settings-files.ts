import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { homeOf } from './wrap-record.ts';

export interface KnownSettingsFile {
  readonly client: string;
  readonly path: string;
}

/** The settings files of the MCP clients that we know, for this user and this folder, as far as they exist. */
export function knownSettingsFiles(
  env: NodeJS.ProcessEnv,
  cwd: string,
  platform: NodeJS.Platform = process.platform,
): readonly KnownSettingsFile[] {
  const home = homeOf(env);
  const applications = applicationFolder(env, home, platform);
  const candidates: readonly KnownSettingsFile[] = [
    { client: 'Claude Code', path: join(env['CLAUDE_CONFIG_DIR'] ?? home, '.claude.json') },
    { client: 'Claude Code (project)', path: join(cwd, '.mcp.json') },
    { client: 'Claude Desktop', path: join(applications, 'Claude/claude_desktop_config.json') },
    { client: 'Cursor', path: join(home, '.cursor/mcp.json') },
    { client: 'Cursor (project)', path: join(cwd, '.cursor/mcp.json') },
    { client: 'VS Code', path: join(applications, 'Code/User/mcp.json') },
    { client: 'VS Code (project)', path: join(cwd, '.vscode/mcp.json') },
    { client: 'Codex', path: join(env['CODEX_HOME'] ?? join(home, '.codex'), 'config.toml') },
  ];
  const seen = new Set<string>();
  return candidates.filter(({ path }) => {
    if (seen.has(path) || !existsSync(path)) return false;
    seen.add(path);
    return true;
  });
}

function applicationFolder(env: NodeJS.ProcessEnv, home: string, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join(home, 'Library/Application Support');
  if (platform === 'win32') return env['APPDATA'] ?? join(home, 'AppData/Roaming');
  return env['XDG_CONFIG_HOME'] ?? join(home, '.config');
}
