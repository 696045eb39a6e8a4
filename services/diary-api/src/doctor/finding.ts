/**
 * What an examination found: `ok` is as it should be, `warning` is for somebody to look at, `problem` is broken.
 */
export interface Finding {
  readonly check:
    | 'store'
    | 'sessions'
    | 'processes'
    | 'old-files'
    | 'disk'
    | 'port'
    | 'hooks'
    | 'mcp'
    | 'privacy'
    | 'quota';
  readonly level: 'ok' | 'warning' | 'problem';
  /** What is the case, in one sentence. */
  readonly what: string;
  /** What that means for a person. */
  readonly meaning?: string;
  /** What puts it right, often a command. */
  readonly fix?: string;
}
