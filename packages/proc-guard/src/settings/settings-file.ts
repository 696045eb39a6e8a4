import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

import { errnoCode } from '../errors/errno-code.ts';
import { ProcGuardError } from '../errors/proc-guard-error.ts';

export interface SettingsFile {
  /** With symbolic links followed: a dotfiles manager may have put one there. */
  readonly path: string;
  readonly text: string;
  readonly format: 'json' | 'toml';
}

export function readSettingsFile(path: string): SettingsFile {
  try {
    const real = realpathSync(path);
    // `ignoreBOM` keeps the mark, `fatal` refuses what could not be written back byte by byte.
    const text = new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(readFileSync(real));
    return { path: real, text, format: real.endsWith('.toml') ? 'toml' : 'json' };
  } catch (cause) {
    const reason =
      errnoCode(cause) === 'ENOENT' ? 'there is no such file' : 'it cannot be read as UTF-8 text';
    throw new ProcGuardError('SETTINGS_INVALID', `${path}: ${reason}`, { cause });
  }
}

/**
 * Puts the new text in the place of the old in one step, with the same permissions. Refuses when
 * somebody else has changed the file since it was read: its owner may write it at any time.
 */
export function replaceSettingsFile(file: SettingsFile, text: string): void {
  const temporary = `${file.path}.proc-guard-${process.pid}`;
  try {
    const { mode } = statSync(file.path);
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    chmodSync(temporary, mode & 0o7777);
    if (readSettingsFile(file.path).text !== file.text) {
      throw new ProcGuardError(
        'SETTINGS_INVALID',
        `${file.path}: it was changed meanwhile; nothing was written`,
      );
    }
    renameSync(temporary, file.path);
  } finally {
    rmSync(temporary, { force: true });
  }
}
