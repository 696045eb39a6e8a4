export interface Deadline {
  /** On `performance.now()`. */
  readonly at: number;
  readonly reached: () => void;
  settled: boolean;
  timer: NodeJS.Timeout | undefined;
}

let waiting: Deadline[] = [];

/**
 * Arms a deadline at the end of this turn of the event loop, and only if it is still needed then:
 * an attempt that succeeds within its turn costs no timer. One immediate serves all of a turn.
 */
export function armAtEndOfTurn(deadline: Deadline): void {
  waiting.push(deadline);
  if (waiting.length === 1) setImmediate(armWaiting);
}

function armWaiting(): void {
  const due = waiting;
  waiting = [];
  const now = performance.now();
  for (const deadline of due) {
    if (!deadline.settled)
      deadline.timer = setTimeout(deadline.reached, Math.max(1, Math.ceil(deadline.at - now)));
  }
}
