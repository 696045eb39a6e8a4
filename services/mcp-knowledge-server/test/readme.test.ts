import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { settingNames, settings } from '../src/config/settings.ts';
import { connectClient } from './support/connect-client.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

/** The rows of the table below a heading, without its header. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  const end = rows.findIndex((row, index) => index > 1 && row.includes('---'));
  return rows.slice(2, end === -1 ? undefined : end - 1).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('the README says what the program does', () => {
  test('its table of tools is the list of the server, and says which are offered by default', async () => {
    const home = await temporaryFolder();
    const { tools: core } = await (await connectClient(home)).client.listTools();
    const { tools } = await (await connectClient(home, { args: ['--toolset', 'all'] })).client.listTools();
    const everyday = new Set(core.map(({ name }) => name));
    expect(tableBelow('Tools')).toEqual(
      tools.map(({ name, description }) => [`\`${name}\``, everyday.has(name) ? 'core' : 'all', description]),
    );
  });

  test('its table of settings is that of the program', () => {
    const rows = settingNames.map((name) => {
      const { variable, flag, description, fallback } = settings[name];
      return [`\`${variable}\``, `\`--${flag}\``, description, `\`${fallback}\``];
    });
    expect(tableBelow('Configuration')).toEqual(rows);
  });
});
