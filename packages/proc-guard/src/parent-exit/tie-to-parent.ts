import { createShutdown } from '../shutdown/create-shutdown.ts';
import type { Shutdown, ShutdownLogger } from '../shutdown/shutdown.ts';
import { onParentExit, type ParentExitDescription } from './on-parent-exit.ts';

export interface TieToParentOptions {
  /**
   * What to run, with its own closers.
   *
   * @defaultValue one without closers, which ends the process
   */
  readonly shutdown?: Shutdown;
  /**
   * Ends also with stdin, as a stdio server should.
   *
   * @defaultValue true
   */
  readonly stdin?: boolean;
  /** @defaultValue 'client' */
  readonly watch?: 'client' | 'wrappers';
  /**
   * How long the shutdown may take; only for the one that is made here. MCP clients send KILL a
   * second after TERM.
   *
   * @defaultValue 700
   */
  readonly graceMs?: number;
  readonly signals?: readonly NodeJS.Signals[];
  readonly logger?: ShutdownLogger;
}

export interface ParentTie {
  readonly shutdown: Shutdown;
  /** Unties: the process no longer ends with its parent. */
  close(): void;
  describe(): ParentExitDescription;
  [Symbol.dispose](): void;
}

/**
 * Ends this process with whoever started it: the parent's exit, the end of stdin and the usual
 * signals each trigger one ordered shutdown. The three-line change inside a stdio server.
 */
export function tieToParent(options: TieToParentOptions = {}): ParentTie {
  const shutdown =
    options.shutdown ??
    createShutdown({
      deadlineMs: options.graceMs ?? 700,
      // A tied process has no other end: what is left on the event loop must not keep it.
      exit: (code) => process.exit(code),
      ...(options.signals === undefined ? {} : { signals: options.signals }),
      ...(options.logger === undefined ? {} : { logger: options.logger }),
    });
  const signals = shutdown.listen();
  const watch = onParentExit(
    (exit) => {
      void shutdown.trigger(exit.layer === 'stdin' ? { kind: 'stdin-end' } : { kind: 'parent-exit', exit });
    },
    { stdin: options.stdin ?? true, watch: options.watch ?? 'client' },
  );
  const close = (): void => {
    watch.close();
    signals.close();
  };
  return { shutdown, close, describe: () => watch.describe(), [Symbol.dispose]: close };
}
