import { formatIdentity } from '@endwell/proc-guard';

import type { Logger } from '../logging/logger.ts';
import type { SessionStore } from '../store/session-store.ts';
import { ownerState, readOwner } from './owner-state.ts';
import type { OwnerWatch, Surroundings } from './surroundings.ts';

/** Knows which owners have died. */
export interface OwnerWatches {
  /** Watches exactly these; returns those that are already dead. */
  sync(owners: readonly string[]): string[];
  /** Of those, the ones that cannot be looked at from here. */
  unseen(): string[];
  close(): void;
}

export interface OwnerWatchesOptions {
  readonly reach: SessionStore['reach'];
  readonly logger: Logger;
  readonly surroundings: Surroundings;
  readonly onDeath: (owner: string) => void;
}

export function createOwnerWatches(options: OwnerWatchesOptions): OwnerWatches {
  const { reach, logger, surroundings, onDeath } = options;
  /** Null for an owner that cannot be watched: only its sessions' deadlines tell. */
  const watches = new Map<string, OwnerWatch | null>();
  const self = surroundings.self();
  const ownOwner = self === undefined ? undefined : formatIdentity(self);

  const watch = (owner: string): OwnerWatch | 'dead' | null => {
    // While we can look, we are alive.
    if (owner === ownOwner) return null;
    const identity = readOwner(owner);
    const state = identity === undefined ? 'unknown' : ownerState(identity, reach, surroundings);
    if (state === 'dead') return 'dead';
    if (identity === undefined || state === 'unknown') {
      logger.warn(
        { owner },
        'an owner cannot be watched from here; its lease, or the deadlines of its sessions, tell',
      );
      return null;
    }
    const handle = surroundings.watchProcess(identity, (end) => {
      watches.delete(owner);
      if (end.state === 'dead') onDeath(owner);
      else logger.warn({ owner }, 'an owner can no longer be watched; its sessions end at their deadlines');
    });
    const { layer, reason } = handle.describe();
    if (layer === 'gap') logger.warn({ owner, reason }, 'the death of an owner will not be noticed at once');
    return handle;
  };

  /** Where nothing tells of a death, at least each look at the store notices it. */
  const diedUnseen = (owner: string, handle: OwnerWatch | null): boolean => {
    if (handle?.describe().layer !== 'gap') return false;
    const identity = readOwner(owner);
    if (identity === undefined || ownerState(identity, reach, surroundings) !== 'dead') return false;
    handle.close();
    return true;
  };

  return {
    sync(owners) {
      const wanted = new Set(owners);
      for (const [owner, handle] of watches) {
        if (wanted.has(owner)) continue;
        handle?.close();
        watches.delete(owner);
      }
      const dead: string[] = [];
      for (const owner of wanted) {
        const known = watches.get(owner);
        const handle = known === undefined ? watch(owner) : diedUnseen(owner, known) ? 'dead' : known;
        // Not kept: a session that is started for it later has to be found as well.
        if (handle === 'dead') {
          watches.delete(owner);
          dead.push(owner);
        } else {
          watches.set(owner, handle);
        }
      }
      return dead;
    },
    unseen: () =>
      [...watches].flatMap(([owner, handle]) => (handle === null && owner !== ownOwner ? [owner] : [])),
    close() {
      for (const handle of watches.values()) handle?.close();
      watches.clear();
    },
  };
}
