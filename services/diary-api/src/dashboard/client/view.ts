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
  /** Called when another page takes its place. */
  close?(): void;
}
