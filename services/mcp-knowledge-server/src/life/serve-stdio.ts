import type { Readable, Writable } from 'node:stream';
import { createShutdown, tieToParent } from '@endwell/proc-guard';
import type { SessionManager } from '@endwell/session-core';

import type { Toolset } from '../config/toolsets.ts';
import type { OpenKnowledge } from '../knowledge/lazy-knowledge.ts';
import type { ServerLogger } from '../logging/server-logger.ts';
import { createKnowledgeServer } from '../knowledge-server.ts';
import type { OpeningBytes } from '../transport/early-opening.ts';
import { endReasonOf } from './end-reason-of.ts';

export interface ServeStdioOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly opening: OpeningBytes;
  readonly manager: SessionManager;
  readonly logger: ServerLogger;
  readonly version: string;
  readonly defaultProject: string | undefined;
  readonly openKnowledge: OpenKnowledge;
  readonly toolset: Toolset;
  /** Calls back for each signal that asks this program to end. */
  readonly onSignal: (listener: (signal: NodeJS.Signals) => void) => void;
  readonly exit: (code: number) => void;
}

/** Well inside the 700 ms that a guard waits, and the second that MCP clients wait, before KILL. */
const deadlineMs = 600;
/** For the calls in flight; what is left of the deadline is for the sessions' ends and the store. */
const drainMs = 200;
/** For what can be cancelled, such as an ingest, when the client may still be reading. */
const uncancelledMs = 50;

/**
 * Serves one client until there is none: the end of its pipe, its death, or a signal. Then, in
 * this order: nothing more is read, calls in flight are answered or cancelled, sessions end with
 * their reason, the store closes, the process exits.
 */
export function serveOverStdio(options: ServeStdioOptions): void {
  const { input, output, opening, manager, logger, onSignal, exit } = options;
  const server = createKnowledgeServer(options);
  const shutdown = createShutdown({ deadlineMs, exit, logger, signals: [] });
  // Before anything is read: a client that is gone already is noticed too. The end of stdin is
  // heard by the connection, which also hears it from a file or a terminal.
  tieToParent({ shutdown, stdin: false });
  // A second signal must not cut the end short, as it would with the shutdown's own listeners: a
  // guard sends TERM a moment after the pipe has closed, and may send it twice. The deadline holds.
  onSignal((signal) => void shutdown.trigger({ kind: 'signal', signal }));
  const connection = server.connect(input, output, opening);
  void connection.ended.then(() => shutdown.trigger({ kind: 'stdin-end' }));

  shutdown.register('intake', { phase: 'stop-intake', close: () => connection.stopIntake() });
  shutdown.register('calls', {
    phase: 'drain',
    close: async ({ cause }) => {
      const startedAt = performance.now();
      // A client that has closed its end may still read: what it asked for is answered if there is time.
      if (cause.kind === 'stdin-end' && (await connection.drain(uncancelledMs))) return;
      server.cancelCalls();
      const leftMs = Math.max(0, drainMs - (performance.now() - startedAt));
      if (await connection.drain(leftMs)) return;
      logger.warn('calls in flight are not answered');
    },
  });
  // The closers of a phase run in reverse order.
  shutdown.register('store', () => manager.close());
  shutdown.register('knowledge', () => server.close());
  shutdown.register('sessions', ({ cause }) => server.endSessions(endReasonOf(cause)));
  shutdown.register('connection', () => connection.close());
}
