import type { ClockProposal } from '../clock/clock.ts';
import type { SessionRows } from './session-rows.ts';

/** Also the anchor of a store that cannot be written, where nobody has decided yet. */
export function proposedAnchor(rows: SessionRows, { wallMs, uptimeMs }: ClockProposal): number {
  return Math.max(wallMs, rows.latestActivity() ?? wallMs) - uptimeMs;
}

/**
 * The first process of a boot decides by its wall clock. Time never goes back over what active
 * sessions have seen: a machine whose clock was far ahead before the boot would else let them live on.
 */
export function clockStep(rows: SessionRows, proposal: ClockProposal): number {
  const { domain, bootId } = proposal;
  const known = rows.findClockAnchor(domain);
  if (known !== undefined) return known;
  const anchorMs = proposedAnchor(rows, proposal);
  rows.storeClockAnchor(domain, bootId, anchorMs);
  return anchorMs;
}
