/** Where an entry is. */
export interface EntryPlace {
  readonly sessionId: string;
  readonly sequence: number;
}

/** One page of the dashboard. */
export interface View {
  readonly root: HTMLElement;
  readonly title: string;
  /** Where the keyboard is when the page opens; the page's beginning by default. */
  readonly initialFocus?: HTMLElement | undefined;
  /** Loads everything anew. */
  refresh(): Promise<void>;
  /** Something happened in these sessions. */
  update(ids: ReadonlySet<string>): Promise<void>;
  /** These sessions have been forgotten: asking for one would find nothing. */
  forget(ids: ReadonlySet<string>): Promise<void>;
  /** These entries have been forgotten: nothing of what they said may stay. Absent where no entry is shown. */
  readonly forgetEntries?: ((entries: readonly EntryPlace[]) => Promise<void>) | undefined;
}
