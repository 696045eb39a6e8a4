import {
  settingsError,
  type SettingsEntry,
  type SettingsNode,
  type SettingsObject,
} from './settings-node.ts';
import { readTomlString } from './toml-string.ts';

/**
 * Reads as much of TOML as there is in the settings of an MCP client: tables, dotted and quoted
 * names, texts, arrays over several lines, inline tables, comments. Arrays of tables are passed
 * over. Numbers, dates and booleans are kept as they are.
 *
 * @throws ProcGuardError `SETTINGS_INVALID` with the line.
 */
export function parseToml(text: string): SettingsObject {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  const root = table(at);

  const skip = (pattern: RegExp): void => {
    pattern.lastIndex = at;
    at += pattern.exec(text)?.[0].length ?? 0;
  };
  const skipBlank = (): void => skip(/[ \t]*/y);
  const skipLines = (): void => skip(/(?:\s|#[^\n]*)*/y);

  const key = (): string[] => {
    const parts: string[] = [];
    for (;;) {
      skipBlank();
      const first = text[at];
      if (first === '"' || first === "'") {
        const read = readTomlString(text, at);
        parts.push(read.value);
        at = read.end;
      } else {
        const bare = /^[A-Za-z0-9_-]+/.exec(text.slice(at, at + 256))?.[0];
        if (bare === undefined) throw settingsError(text, at, 'a name was expected');
        parts.push(bare);
        at += bare.length;
      }
      skipBlank();
      if (text[at] !== '.') return parts;
      at += 1;
    }
  };

  const expect = (mark: string): void => {
    if (!text.startsWith(mark, at)) throw settingsError(text, at, `${mark} was expected`);
    at += mark.length;
  };

  const assignment = (into: SettingsObject): void => {
    const keyStart = at;
    const path = key();
    expect('=');
    skipBlank();
    const name = path.pop() ?? '';
    descend(into, path, keyStart).entries.push({ key: name, keyStart, value: value() });
  };

  const value = (): SettingsNode => {
    const start = at;
    const first = text[at];
    if (first === '"' || first === "'") {
      const read = readTomlString(text, at);
      at = read.end;
      return { kind: 'string', start, end: at, value: read.value };
    }
    if (first === '[') {
      const items: SettingsNode[] = [];
      at += 1;
      for (skipLines(); text[at] !== ']'; skipLines()) {
        if (at >= text.length) throw settingsError(text, start, 'a ] is missing');
        items.push(value());
        skipLines();
        if (text[at] === ',') at += 1;
        else if (text[at] !== ']') throw settingsError(text, at, 'a comma or ] was expected');
      }
      at += 1;
      return { kind: 'array', start, end: at, items };
    }
    if (first === '{') {
      const entries: SettingsEntry[] = [];
      const node: SettingsObject = { kind: 'object', syntax: 'toml-inline', start, end: start, entries };
      at += 1;
      for (skipLines(); text[at] !== '}'; skipLines()) {
        if (at >= text.length) throw settingsError(text, start, 'a } is missing');
        assignment(node);
        skipLines();
        if (text[at] === ',') at += 1;
        else if (text[at] !== '}') throw settingsError(text, at, 'a comma or } was expected');
      }
      at += 1;
      return { ...node, end: at };
    }
    const literal = /^[^\s,\]}#]+(?: \d[^\s,\]}#]*)?/.exec(text.slice(at, at + 128))?.[0];
    if (literal === undefined) throw settingsError(text, at, 'a value was expected');
    at += literal.length;
    return { kind: 'other', start, end: at };
  };

  let current = root;
  for (skipLines(); at < text.length; skipLines()) {
    if (text[at] === '[') {
      const start = at;
      const isArray = text.startsWith('[[', at);
      at += isArray ? 2 : 1;
      const path = key();
      expect(isArray ? ']]' : ']');
      current = isArray ? table(start) : descend(root, path, start);
    } else {
      assignment(current);
    }
    skip(/[ \t]*(?:#[^\n]*)?/y);
    if (at < text.length && !/[\r\n]/.test(text[at] ?? ''))
      throw settingsError(text, at, 'the end of the line was expected');
  }
  return root;
}

function table(start: number): SettingsObject {
  return { kind: 'object', syntax: 'toml-table', start, end: start, entries: [] };
}

function descend(from: SettingsObject, path: readonly string[], keyStart: number): SettingsObject {
  let node = from;
  for (const key of path) {
    const existing = node.entries.findLast((entry) => entry.key === key)?.value;
    const next = existing?.kind === 'object' ? existing : table(keyStart);
    if (next !== existing) node.entries.push({ key, keyStart, value: next });
    node = next;
  }
  return node;
}
