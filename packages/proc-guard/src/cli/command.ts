/** What a command may touch of the process; `main.ts` gives it the real one. */
export interface CliContext {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Asks on the terminal; undefined where there is none to ask. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Ends this process with a code or by a signal, as the guarded command ended. */
  readonly exitAs: (exit: { readonly code: number } | { readonly signal: NodeJS.Signals }) => void;
}

export interface CliCommand {
  readonly name: string;
  readonly summary: string;
  /** What `proc-guard <name> --help` prints. */
  readonly help: string;
  /** Returns the exit code. */
  readonly run: (args: readonly string[], context: CliContext) => Promise<number> | number;
}
