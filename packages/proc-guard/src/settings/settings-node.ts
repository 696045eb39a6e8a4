import { ProcGuardError } from '../errors/proc-guard-error.ts';

/** A value in a settings file, with the range of the text that it came from. */
export type SettingsNode = SettingsObject | SettingsArray | SettingsString | SettingsOther;

interface Range {
  readonly start: number;
  readonly end: number;
}

export interface SettingsObject extends Range {
  readonly kind: 'object';
  readonly entries: SettingsEntry[];
  /** How another entry is written after one that is there. */
  readonly syntax: 'json' | 'toml-table' | 'toml-inline';
}

export interface SettingsEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly value: SettingsNode;
}

export interface SettingsArray extends Range {
  readonly kind: 'array';
  readonly items: readonly SettingsNode[];
}

export interface SettingsString extends Range {
  readonly kind: 'string';
  readonly value: string;
}

export interface SettingsOther extends Range {
  readonly kind: 'other';
}

/** The last entry of a name counts, as it does for the programs that read these files. */
export function entryOf(node: SettingsNode | undefined, key: string): SettingsNode | undefined {
  return node?.kind === 'object' ? node.entries.findLast((entry) => entry.key === key)?.value : undefined;
}

export function settingsError(text: string, offset: number, problem: string): ProcGuardError {
  const line = text.slice(0, offset).split('\n').length;
  return new ProcGuardError('SETTINGS_INVALID', `line ${line}: ${problem}`);
}
