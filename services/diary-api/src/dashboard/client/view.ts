/** One page of the dashboard. */
export interface View {
  readonly root: HTMLElement;
  readonly title: string;
  /** Loads everything anew. */
  refresh(): Promise<void>;
  /** Something happened in these sessions. */
  update(ids: ReadonlySet<string>): Promise<void>;
}
