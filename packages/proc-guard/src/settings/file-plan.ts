import type { SettingsFile } from './settings-file.ts';
import type { ServerCommand } from './wrap-server.ts';

export interface ServerChange {
  /** The server's name, with the project it belongs to where there is one. */
  readonly name: string;
  readonly before: ServerCommand;
  readonly after: ServerCommand;
}

/** What a change of one file would do. */
export interface FilePlan {
  readonly file: SettingsFile;
  readonly text: string;
  readonly changes: readonly ServerChange[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}
