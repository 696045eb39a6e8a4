import { settingsError, type SettingsEntry, type SettingsNode } from './settings-node.ts';

/**
 * Reads JSON as editors write it, with comments and trailing commas, and keeps where everything
 * was, so that one value can be replaced and no other byte changes.
 *
 * @throws ProcGuardError `SETTINGS_INVALID` with the line.
 */
export function parseJsonc(text: string): SettingsNode {
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  const skip = (): void => {
    for (;;) {
      while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
      if (text.startsWith('//', at)) {
        const end = text.indexOf('\n', at);
        at = end < 0 ? text.length : end;
      } else if (text.startsWith('/*', at)) {
        const end = text.indexOf('*/', at + 2);
        if (end < 0) throw settingsError(text, at, 'a comment that does not end');
        at = end + 2;
      } else return;
    }
  };

  const string = (): { start: number; end: number; value: string } => {
    const start = at;
    for (at += 1; text[at] !== '"'; at += 1) {
      if (at >= text.length || text[at] === '\n')
        throw settingsError(text, start, 'a text that does not end');
      if (text[at] === '\\') at += 1;
    }
    at += 1;
    try {
      return { start, end: at, value: JSON.parse(text.slice(start, at)) as string };
    } catch {
      throw settingsError(text, start, 'a text with a wrong escape');
    }
  };

  /** Calls `item` for each until the closing bracket. */
  const list = (close: string, item: () => void): void => {
    const start = at;
    at += 1;
    for (;;) {
      skip();
      if (text[at] === close) break;
      if (at >= text.length) throw settingsError(text, start, `a ${close} is missing`);
      item();
      skip();
      if (text[at] === ',') at += 1;
      else if (text[at] !== close) throw settingsError(text, at, `a comma or ${close} was expected`);
    }
    at += 1;
  };

  const value = (): SettingsNode => {
    skip();
    const start = at;
    const first = text[at];
    if (first === '"') return { kind: 'string', ...string() };
    if (first === '{') {
      const entries: SettingsEntry[] = [];
      list('}', () => {
        if (text[at] !== '"') throw settingsError(text, at, 'a name in quotes was expected');
        const key = string();
        skip();
        if (text[at] !== ':') throw settingsError(text, at, 'a colon was expected');
        at += 1;
        entries.push({ key: key.value, keyStart: key.start, value: value() });
      });
      return { kind: 'object', syntax: 'json', start, end: at, entries };
    }
    if (first === '[') {
      const items: SettingsNode[] = [];
      list(']', () => items.push(value()));
      return { kind: 'array', start, end: at, items };
    }
    const literal = /^(?:true|false|null|-?\d[\d.eE+-]*)/.exec(text.slice(at, at + 64))?.[0];
    if (literal === undefined) throw settingsError(text, at, 'a value was expected');
    at += literal.length;
    return { kind: 'other', start, end: at };
  };

  const root = value();
  skip();
  if (at < text.length) throw settingsError(text, at, 'there is something after the end');
  return root;
}
