/** What an agent tells the fleet, as lines of JSON on its standard output. */
export type AgentEvent =
  | { readonly type: 'ready'; readonly sessionId: string }
  /** This many of its actions have been acknowledged. */
  | { readonly type: 'logged'; readonly acknowledged: number };

/** What the fleet tells the demo. */
export type FleetEvent = { readonly agent: number } & (
  | AgentEvent
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'killed' }
  | { readonly type: 'ending' }
  | { readonly type: 'ended'; readonly code: number | null; readonly signal: string | null }
  | { readonly type: 'failed'; readonly problem: string }
);

/** What the demo gives the fleet, as JSON on its command line. */
export interface FleetPlan {
  readonly agents: number;
  /** The numbers of those that are killed. */
  readonly victims: readonly number[];
  /** How an agent starts its MCP server and its shell; a program and its arguments. */
  readonly server: readonly string[];
  readonly shell: readonly string[];
}
