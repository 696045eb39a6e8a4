import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filesOfHookCommand, formatHookCommand } from '../../src/agent-settings/hook-command-line.ts';
import { ourHooks, planAddedHooks, planRemovedHooks } from '../../src/agent-settings/plan-hooks.ts';

const command = formatHookCommand({
  node: '/opt/node 24/bin/node',
  program: '/opt/it’s/bin/diary-hook.cjs',
  agent: 'claude-code',
  context: false,
  home: undefined,
});
const events = ['SessionStart', 'Stop'];
const path = '/home/ada/.claude/settings.json';

describe('settings as people have them', () => {
  const settings: Readonly<Record<string, string>> = {
    'an empty file': '',
    'an empty object': '{}',
    'other settings with comments':
      '{\n\t// mine\n\t"model": "x", /* why */\n\t"permissions": {"allow": ["a"],},\n}\n',
    'hooks of others': `{
  "hooks": {
    "Stop": [{ "matcher": "", "hooks": [{ "type": "command", "command": "notify.sh" }] }],
    "PreToolUse": []
  }
}
`,
    'windows line ends and a byte order mark':
      '\uFEFF{\r\n    "hooks": {\r\n        "Other": []\r\n    }\r\n}\r\n',
    'one line':
      '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"a diary.js of mine hook"}]}]},"z":[1,2]}',
  };

  test.for(Object.entries(settings))('%s: added once, and taken away again', ([, text]) => {
    const added = planAddedHooks(text, events, command, path);
    expect(added.changes).toEqual(events.map((event) => ({ place: event, before: null, after: command })));
    expect(ourHooks(added.text, path).map((hook) => [hook.event, hook.command])).toEqual(
      expect.arrayContaining(events.map((event) => [event, command])),
    );
    const again = planAddedHooks(added.text, events, command, path);
    expect(again).toEqual({ text: added.text, changes: [] });
    for (const kept of text.match(/\/\/ mine|\/\* why \*\/|notify\.sh|"z":\[1,2\]|\r\n/g) ?? []) {
      expect(added.text).toContain(kept);
    }
    expect(added.text.includes('\n') && text.includes('\r\n') ? /[^\r]\n/.test(added.text) : false).toBe(
      false,
    );

    const removed = planRemovedHooks(added.text, path);
    expect(removed.changes).toHaveLength(events.length);
    expect(ourHooks(removed.text, path)).toEqual([]);
    expect(removed.text.includes('notify.sh')).toBe(text.includes('notify.sh'));
  });

  test('a hook that names a program of before is brought up to date in its place', () => {
    const old = planAddedHooks('{}', events, command.replace('24', '20'), path).text;
    const plan = planAddedHooks(old, events, command, path);
    expect(plan.changes.map(({ before, after }) => [before?.includes('20'), after])).toEqual([
      [true, command],
      [true, command],
    ]);
    expect(ourHooks(plan.text, path)).toHaveLength(2);
  });

  test.for(['{"hooks": 7}', '[]', '{"a": }', '{"a": 1'])('%s is refused by name', (text) => {
    expect(() => planAddedHooks(text, events, command, path)).toThrow(
      expect.objectContaining({ code: 'SETTINGS_INVALID', message: expect.stringContaining(path) as string }),
    );
  });
});

test('the files of a command are found again, whatever their names', () => {
  const folderName = fc
    .string({ minLength: 1 })
    .filter((name) => !name.includes('\0'))
    .map((name) => `/${name}/bin/`);
  fc.assert(
    fc.property(
      folderName,
      folderName,
      fc.option(folderName, { nil: undefined }),
      (nodeFolder, folder, home) => {
        const [node, program] = [`${nodeFolder}node`, `${folder}diary-hook.cjs`];
        const line = formatHookCommand({ node, program, agent: 'codex', context: true, home });
        expect(filesOfHookCommand(line)).toEqual([node, program]);
      },
    ),
  );
  expect(filesOfHookCommand('diary hook')).toEqual(['diary']);
  expect(filesOfHookCommand('node /opt/bin/diary.js hook')).toEqual(['node', '/opt/bin/diary.js']);
  expect(filesOfHookCommand('echo hook')).toBeUndefined();
  expect(filesOfHookCommand('my-diary.js hook')).toBeUndefined();
});
