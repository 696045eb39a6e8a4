import { isDeepStrictEqual } from 'node:util';

import { parse, stringify } from 'smol-toml';

import { isObject, type JsonObject } from '../import/transcript/parse-object.ts';
import { invalidSettings } from './json-settings.ts';
import type { ServerCommand } from './mcp-server-command.ts';

const TABLE = 'mcp_servers';

/** @throws DiaryError `SETTINGS_INVALID` */
export function readTomlSettings(text: string, path: string): JsonObject {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalidSettings(path, (error as Error).message.split('\n', 1)[0] ?? 'it is no TOML');
  }
}

/**
 * Adds a table of its own at the end, so that no other byte changes.
 *
 * @throws DiaryError `SETTINGS_INVALID` where the file is written so that this would change anything else
 */
export function addTomlServer(text: string, name: string, server: ServerCommand, path: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const table = stringify({ command: server.command, args: [...server.args] }).trimEnd();
  const block = [`[${TABLE}.${name}]`, ...table.split('\n'), ''].join(eol);
  const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
  const result = `${text}${gap}${block}`;
  const before = readTomlSettings(text, path);
  const servers = isObject(before[TABLE]) ? before[TABLE] : {};
  const wanted = {
    ...before,
    [TABLE]: { ...servers, [name]: { command: server.command, args: [...server.args] } },
  };
  return checked(result, wanted, path, `add [${TABLE}.${name}]`);
}

/**
 * Takes the table out with those below it and the empty line before it.
 *
 * @throws DiaryError `SETTINGS_INVALID` where that would change anything else
 */
export function removeTomlServer(text: string, name: string, path: string): string {
  const header = new RegExp(`^[ \\t]*\\[[ \\t]*${TABLE}[ \\t]*\\.[ \\t]*(["']?)${name}\\1[ \\t]*[.\\]]`);
  const kept: string[] = [];
  let isInside = false;
  /** Empty lines and comments belong to what follows them. */
  let undecided: string[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    const isHeader = /^[ \t]*\[/.test(line);
    if (isHeader && header.test(line)) {
      if (!isInside && kept.at(-1)?.trim() === '') kept.pop();
      isInside = true;
      undecided = [];
    } else if (isHeader || !isInside) {
      kept.push(...undecided, line);
      isInside = false;
      undecided = [];
    } else if (/^\s*(?:#|$)/.test(line)) {
      undecided.push(line);
    } else {
      undecided = [];
    }
  }
  kept.push(...undecided);
  const { [TABLE]: servers, ...rest } = readTomlSettings(text, path);
  const { [name]: _taken, ...others } = isObject(servers) ? servers : {};
  const wanted = Object.keys(others).length === 0 ? rest : { ...rest, [TABLE]: others };
  return checked(kept.join(''), wanted, path, `take [${TABLE}.${name}] out`);
}

/** An empty table and none are the same. */
function checked(text: string, wanted: JsonObject, path: string, byHand: string): string {
  try {
    const { [TABLE]: servers, ...rest } = parse(text.replace(/^\uFEFF/, ''));
    const isEmpty = servers === undefined || (isObject(servers) && Object.keys(servers).length === 0);
    if (isSame(isEmpty ? rest : { ...rest, [TABLE]: servers }, wanted)) return text;
  } catch {
    // It would not be TOML any more.
  }
  throw invalidSettings(path, `it is written in a way that we do not change: ${byHand} by hand`);
}

/** As TOML has them: a table that was read and one that was made here differ in what JavaScript knows of them. */
function isSame(one: JsonObject, other: JsonObject): boolean {
  return isDeepStrictEqual(parse(stringify(one)), parse(stringify(other)));
}
