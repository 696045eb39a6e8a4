export interface SettingsChange {
  /** Where in the file: a hook's event, or a server by its name. */
  readonly place: string;
  /** The command that was there; null for what is added. */
  readonly before: string | null;
  /** The command that is there then; null for what is taken away. */
  readonly after: string | null;
}

/** What a change of one settings file would do. */
export interface SettingsPlan {
  readonly text: string;
  readonly changes: readonly SettingsChange[];
}
