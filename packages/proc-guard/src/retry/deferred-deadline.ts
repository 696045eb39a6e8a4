// Not the global one: who replaces that by a fake clock, and puts it back, would lose what waits here.
import { setImmediate } from 'node:timers';

/** Something that is under way and needs a timer only if it lasts beyond this turn of the event loop. */
export interface Deferred {
  /** Neighbours in the list of those that wait for the end of the turn. */
  previous: Deferred | undefined;
  next: Deferred | undefined;
  isWaiting: boolean;
  /** Called at the end of the turn. */
  arm(): void;
}

let first: Deferred | undefined;
let isScheduled = false;
let turnStartedAt = 0;

/**
 * Arms a timer at the end of this turn, and only if it is still needed then: what succeeds within
 * its turn costs no timer and leaves nothing behind. One immediate serves all of a turn.
 */
export function armAtEndOfTurn(deferred: Deferred): void {
  deferred.isWaiting = true;
  deferred.previous = undefined;
  deferred.next = first;
  if (first !== undefined) first.previous = deferred;
  first = deferred;
  beginTurn();
}

/**
 * When the first call of this turn was made: one look at the clock for all of them. Only for a
 * bound that is long beside any turn; it may end early by the length of the turn, and never late.
 */
export function timeOfTurn(): number {
  beginTurn();
  return turnStartedAt;
}

function beginTurn(): void {
  if (isScheduled) return;
  isScheduled = true;
  turnStartedAt = performance.now();
  setImmediate(armWaiting);
}

export function forgetAtEndOfTurn(deferred: Deferred): void {
  if (!deferred.isWaiting) return;
  deferred.isWaiting = false;
  if (deferred.next !== undefined) deferred.next.previous = deferred.previous;
  if (deferred.previous === undefined) first = deferred.next;
  else deferred.previous.next = deferred.next;
}

function armWaiting(): void {
  isScheduled = false;
  let deferred = first;
  first = undefined;
  while (deferred !== undefined) {
    const { next } = deferred;
    deferred.isWaiting = false;
    deferred.arm();
    deferred = next;
  }
}
