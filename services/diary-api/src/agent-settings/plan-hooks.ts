import { findNodeAtLocation, parseTree } from 'jsonc-parser';

import { isObject, type JsonObject } from '../import/transcript/parse-object.ts';
import { filesOfHookCommand } from './hook-command-line.ts';
import { changeJson, objectIn, readJsonSettings } from './json-settings.ts';
import type { SettingsChange, SettingsPlan } from './settings-plan.ts';

interface PlacedHook {
  readonly event: string;
  readonly group: number;
  readonly hook: number;
  readonly command: string;
}

/**
 * What adding our hook to each event changes. One of ours that is there already, as after an upgrade that
 * moved the program, is brought up to date; other hooks, comments and the way the file is written stay.
 *
 * @throws DiaryError `SETTINGS_INVALID`
 */
export function planAddedHooks(
  text: string,
  events: readonly string[],
  command: string,
  path: string,
): SettingsPlan {
  const changes: SettingsChange[] = [];
  let result = text.trim() === '' ? '{}\n' : text;
  for (const event of events) {
    const [ours] = ourHooks(result, path).filter((hook) => hook.event === event);
    if (ours?.command === command) continue;
    changes.push({ place: event, before: ours?.command ?? null, after: command });
    if (ours !== undefined) {
      result = changeJson(result, ['hooks', event, ours.group, 'hooks', ours.hook, 'command'], command);
      continue;
    }
    const groups = hooksIn(result, path)[event];
    const group = { hooks: [{ type: 'command', command }] };
    const place = Array.isArray(groups) ? ['hooks', event, groups.length] : ['hooks', event];
    result = changeJson(result, place, Array.isArray(groups) ? group : [group], Array.isArray(groups));
  }
  return { text: result, changes };
}

/**
 * What taking our hooks away changes, with the lists that they leave empty.
 *
 * @throws DiaryError `SETTINGS_INVALID`
 */
export function planRemovedHooks(text: string, path: string): SettingsPlan {
  const changes: SettingsChange[] = [];
  let result = text;
  for (let [ours] = ourHooks(result, path); ours !== undefined; [ours] = ourHooks(result, path)) {
    const { event, group, hook, command } = ours;
    changes.push({ place: event, before: command, after: null });
    result = remove(result, smallestEmptied(hooksIn(result, path), event, group, hook));
  }
  return { text: result, changes };
}

/** Our hooks in a settings file. @throws DiaryError `SETTINGS_INVALID` */
export function ourHooks(text: string, path: string): PlacedHook[] {
  const found: PlacedHook[] = [];
  for (const [event, groups] of Object.entries(hooksIn(text, path))) {
    for (const [group, value] of listOf(groups).entries()) {
      for (const [hook, handler] of listOf(isObject(value) ? value['hooks'] : []).entries()) {
        const command = isObject(handler) ? handler['command'] : undefined;
        if (typeof command !== 'string' || filesOfHookCommand(command) === undefined) continue;
        found.push({ event, group, hook, command });
      }
    }
  }
  return found;
}

/** The largest part that holds nothing but the hook: itself, its group, its event, or all hooks. */
function smallestEmptied(hooks: JsonObject, event: string, group: number, hook: number): (string | number)[] {
  const groups = listOf(hooks[event]);
  const handlers = listOf(isObject(groups[group]) ? groups[group]['hooks'] : []);
  if (handlers.length > 1) return ['hooks', event, group, 'hooks', hook];
  if (groups.length > 1) return ['hooks', event, group];
  if (Object.keys(hooks).length > 1) return ['hooks', event];
  return ['hooks'];
}

function hooksIn(text: string, path: string): JsonObject {
  return objectIn(readJsonSettings(text, path), 'hooks', path);
}

/** An item of a list goes with the comma beside it; the library leaves a part of it where a list is written tightly. */
function remove(text: string, path: (string | number)[]): string {
  const index = path.at(-1);
  if (typeof index !== 'number') return changeJson(text, path, undefined);
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const tree = parseTree(text.slice(mark), [], { allowTrailingComma: true });
  const items = (tree && findNodeAtLocation(tree, path.slice(0, -1)))?.children ?? [];
  const [before, item, after] = [items[index - 1], items[index], items[index + 1]];
  if (item === undefined) return text;
  const start = before === undefined ? item.offset : before.offset + before.length;
  const end = before === undefined && after !== undefined ? after.offset : item.offset + item.length;
  return text.slice(0, mark + start) + text.slice(mark + end);
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
