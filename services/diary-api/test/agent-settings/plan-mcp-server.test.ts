import * as fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { filesOfServer, mcpServerCommand } from '../../src/agent-settings/mcp-server-command.ts';
import {
  ourMcpServer,
  planAddedMcpServer,
  planRemovedMcpServer,
  type SettingsFormat,
} from '../../src/agent-settings/plan-mcp-server.ts';

const wanted = mcpServerCommand({
  guard: '/opt/it’s "a" guard/proc-guard-native',
  node: '/opt/node 24/bin/node',
  server: '/opt/endwell/bin/mcp-knowledge-server.js',
  home: '/home/ada/da ta',
});
const path = '/home/ada/settings';

const settings: readonly (readonly [string, SettingsFormat, string])[] = [
  ['an empty file', 'json', ''],
  ['an empty object', 'json', '{}'],
  [
    'other settings',
    'json',
    '{\n\t// mine\n\t"numStartups": 7,\n\t"projects": {"/a": {"mcpServers": {}},},\n}\n',
  ],
  [
    'servers of others',
    'json',
    '{\n  "mcpServers": {\n    "github": { "command": "gh-mcp", "args": [] },\n    "remote": { "type": "http", "url": "https://example.org" }\n  }\n}\n',
  ],
  ['windows line ends', 'json', '\uFEFF{\r\n    "a": 1\r\n}\r\n'],
  ['one line', 'json', '{"mcpServers":{"x":{"command":"x"}},"z":[1,2]}'],
  ['an empty file', 'toml', ''],
  ['other settings', 'toml', '# mine\nmodel = "x"\n\n[features]\ncodex_hooks = true # yes\n'],
  ['no line end', 'toml', 'model = "x"'],
  [
    'servers of others',
    'toml',
    '[mcp_servers.github]\ncommand = "gh-mcp"\nenv = { A = "b" }\n\n# about b\n[mcp_servers."b.c"]\nurl = "https://example.org"\n\n[[x]]\ny = """\n[mcp_servers.z]\n"""\n',
  ],
  ['windows line ends', 'toml', '\uFEFFmodel = "x"\r\n\r\n[a]\r\nb = 1979-05-27\r\n'],
];

describe.for(settings)('%s, %s', ([, format, text]) => {
  test('the server is added once, and nothing else changes; taken away, all is as before', () => {
    const added = planAddedMcpServer(text, format, wanted, path);
    expect(added.changes).toEqual([
      { place: 'MCP server endwell', before: null, after: [wanted.command, ...wanted.args].join(' ') },
    ]);
    expect(ourMcpServer(added.text, format, path)).toEqual(wanted);
    expect(planAddedMcpServer(added.text, format, wanted, path)).toEqual({ text: added.text, changes: [] });
    for (const kept of text.match(/\/\/ mine|# .*|github|\r\n|"z":\[1,2\]|1979-05-27/g) ?? [])
      expect(added.text).toContain(kept);
    expect(text.includes('\r\n') && /[^\r]\n/.test(added.text)).toBe(false);
    expect(format === 'json' || added.text.startsWith(text)).toBe(true);

    const removed = planRemovedMcpServer(added.text, format, path);
    expect(removed.changes).toHaveLength(1);
    expect(ourMcpServer(removed.text, format, path)).toBeUndefined();
    const withoutSpace = (of: string): string =>
      format === 'toml' ? of.trimEnd() : of.replaceAll(/\s/g, '') || '{}';
    expect(withoutSpace(removed.text)).toBe(withoutSpace(text));
    expect(planRemovedMcpServer(removed.text, format, path)).toEqual({ text: removed.text, changes: [] });
  });

  test('a program that has moved is brought up to date', () => {
    const old = planAddedMcpServer(
      text,
      format,
      { ...wanted, args: wanted.args.map((word) => word.replace('24', '20')) },
      path,
    );
    const plan = planAddedMcpServer(old.text, format, wanted, path);
    expect(plan.changes.map(({ before, after }) => [before?.includes('20'), after?.includes('24')])).toEqual([
      [true, true],
    ]);
    expect(ourMcpServer(plan.text, format, path)).toEqual(wanted);
    expect(plan.text.match(/mcp-knowledge-server/g)).toHaveLength(1);
  });
});

test('where a person has put the server under another name, it is not there twice', () => {
  const text = '[mcp_servers.knowledge]\ncommand = "mcp-knowledge-server"\n';
  expect(planAddedMcpServer(text, 'toml', wanted, path)).toEqual({ text, changes: [] });
  expect(planRemovedMcpServer(text, 'toml', path)).toEqual({ text, changes: [] });
  const json =
    '{"mcpServers": {"k": {"command": "proc-guard", "args": ["run", "--", "/a/mcp-knowledge-server"]}}}';
  expect(planAddedMcpServer(json, 'json', wanted, path)).toEqual({ text: json, changes: [] });
});

test('what is added to a table of ours goes with it, and what follows stays', () => {
  const added = planAddedMcpServer('a = 1\n', 'toml', wanted, path).text;
  const grown = `${added}startup_timeout_sec = 20\n\n[mcp_servers.endwell.env]\nA = "b"\n\n# of c\n[c]\nd = 1\n`;
  expect(planRemovedMcpServer(grown, 'toml', path).text).toBe('a = 1\n\n# of c\n[c]\nd = 1\n');
});

test.for([
  ['toml', 'mcp_servers = { other = { command = "x" } }\n', 'by hand'],
  ['toml', '[mcp_servers.endwell]\ncommand = "another"\n', 'another kind'],
  ['toml', 'a = \n', ''],
  ['json', '{"mcpServers": 7}', 'no object'],
  ['json', '{"mcpServers": {"endwell": {"command": "another"}}}', 'another kind'],
] as const)('%s: %s is refused by name', ([format, text, why]) => {
  expect(() => planAddedMcpServer(text, format, wanted, path)).toThrow(
    expect.objectContaining({ code: 'SETTINGS_INVALID', message: expect.stringContaining(path) as string }),
  );
  expect(() => planAddedMcpServer(text, format, wanted, path)).toThrow(why);
});

test('whatever else a TOML file has, only our table comes and goes', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
  const table = fc.dictionary(fc.string({ minLength: 1 }), value, { maxKeys: 4 });
  const file = fc.record({
    top: table,
    servers: fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== 'endwell'),
      table,
      { maxKeys: 3 },
    ),
  });
  fc.assert(
    fc.property(file, ({ top, servers }) => {
      const { mcp_servers: _taken, ...rest } = top;
      const before = { ...rest, ...(Object.keys(servers).length === 0 ? {} : { mcp_servers: servers }) };
      const text = stringify(before);
      const added = planAddedMcpServer(text, 'toml', wanted, path);
      expect(parse(added.text)['mcp_servers']).toMatchObject({ endwell: wanted });
      const removed = planRemovedMcpServer(added.text, 'toml', path);
      expect(parse(removed.text)).toEqual(parse(text));
    }),
  );
});

test('the files that it names are found again', () => {
  expect(filesOfServer(wanted)).toEqual([
    wanted.command,
    '/opt/node 24/bin/node',
    '/opt/endwell/bin/mcp-knowledge-server.js',
  ]);
  expect(filesOfServer({ command: 'mcp-knowledge-server', args: [] })).toEqual([]);
});
