import { isMainThread } from 'node:worker_threads';

import { findClient } from '../client/find-client.ts';
import type { ProcessIdentity } from '../identity/process-identity.ts';
import { watchProcess, type ProcessWatch, type WatchDescription } from '../watch/watch-process.ts';
import { onChannelDisconnect } from './ipc-layer.ts';
import { onStdinEnd, stdinKind } from './stdin-layer.ts';

/** What told us, and about whom. */
export type ParentExit =
  | { readonly layer: 'native'; readonly role: 'client' | 'wrapper'; readonly identity: ProcessIdentity }
  | { readonly layer: 'ipc' }
  | { readonly layer: 'stdin' };

export interface OnParentExitOptions {
  /**
   * `client`: the client and every wrapper between it and us. `wrappers`: only the wrappers, for
   * a program started from a shell with `npm start`, which may outlive that shell.
   *
   * @defaultValue 'client'
   */
  readonly watch?: 'client' | 'wrappers';
  /**
   * Counts the end of stdin as the parent's exit: for a stdio server, whose client holds the other
   * end. Heard only when something reads stdin, on the main thread, and only from a pipe or socket.
   *
   * @defaultValue false
   */
  readonly stdin?: boolean;
  /** Ends the watch without a call of the listener. */
  readonly signal?: AbortSignal;
}

export interface WatchedAncestor {
  readonly role: 'client' | 'wrapper';
  readonly identity: ProcessIdentity;
  readonly watch: WatchDescription;
}

export interface ParentExitDescription {
  readonly state: 'watching' | 'fired' | 'closed';
  readonly ancestors: readonly WatchedAncestor[];
  readonly ipc: boolean;
  readonly stdin: boolean;
  /** What would not be noticed, in sentences; empty when every exit is. */
  readonly gaps: readonly string[];
}

export interface ParentExitWatch {
  /** Ends the watch; the listener is not called any more. */
  close(): void;
  describe(): ParentExitDescription;
  [Symbol.dispose](): void;
}

/**
 * Calls the listener once, as soon as the client or any wrapper on the way to it has ended,
 * however it ended, also while somebody else holds stdin open. Keeps nothing alive.
 *
 * The native watcher is exact. The IPC channel stands in for it only where it is missing: a parent
 * may also disconnect and live on.
 */
export function onParentExit(
  listener: (exit: ParentExit) => void,
  options: OnParentExitOptions = {},
): ParentExitWatch {
  let state: ParentExitDescription['state'] = 'watching';
  const { client, wrappers } = findClient();
  const watches: {
    readonly role: WatchedAncestor['role'];
    readonly identity: ProcessIdentity;
    watch: ProcessWatch;
  }[] = [];
  const lostSight: string[] = [];
  const stops: (() => void)[] = [];

  const finish = (end: 'fired' | 'closed'): void => {
    state = end;
    options.signal?.removeEventListener('abort', close);
    for (const { watch } of watches) watch.close();
    for (const stop of stops.splice(0)) stop();
  };
  const fire = (exit: ParentExit): void => {
    if (state !== 'watching') return;
    finish('fired');
    listener(exit);
  };
  const close = (): void => {
    if (state === 'watching') finish('closed');
  };
  const watchAncestor = (role: WatchedAncestor['role'], identity: ProcessIdentity): void => {
    const watch = watchProcess(identity, (end) => {
      // Not seeing an ancestor is not its exit.
      if (end.state === 'dead') fire({ layer: 'native', role, identity });
      else lostSight.push(`the ${role} ${identity.pid} can no longer be watched`);
    });
    watches.push({ role, identity, watch });
  };

  for (const wrapper of wrappers) watchAncestor('wrapper', wrapper);
  if (client !== undefined && options.watch !== 'wrappers') watchAncestor('client', client);
  const hasGap = (): boolean =>
    watches.some(({ watch }) => watch.describe().layer === 'gap') || lostSight.length > 0;

  const ipc = isMainThread && process.channel !== undefined && process.connected;
  if (ipc) {
    stops.push(
      onChannelDisconnect(() => {
        if (watches.length === 0 || hasGap()) fire({ layer: 'ipc' });
      }),
    );
  }
  const kind = options.stdin === true ? stdinKind() : undefined;
  if (kind === 'stream') stops.push(onStdinEnd(() => fire({ layer: 'stdin' })));

  if (options.signal?.aborted === true) close();
  else options.signal?.addEventListener('abort', close, { once: true });

  const gaps = (): string[] => {
    const found = [...lostSight];
    if (watches.length === 0) {
      found.push(
        client === undefined
          ? 'no client was found: the walk ended at pid 1 or at a process that cannot be looked at'
          : 'there is no wrapper to watch',
      );
    }
    if (client?.pid === 1 && options.watch !== 'wrappers') {
      found.push('the client is pid 1: it started us, or whoever did had ended before we looked');
    }
    for (const { role, identity, watch } of watches) {
      const { layer, reason } = watch.describe();
      if (layer === 'gap')
        found.push(`the ${role} ${identity.pid} is not watched: ${reason ?? 'no reason known'}`);
    }
    if (kind === 'file') found.push('stdin is no pipe or socket, so that its end says nothing');
    if (kind === 'worker') found.push('stdin is watched on the main thread only');
    return found;
  };

  return {
    close,
    describe: () => ({
      state,
      ancestors: watches.map(({ role, identity, watch }) => ({ role, identity, watch: watch.describe() })),
      ipc,
      stdin: kind === 'stream',
      gaps: gaps(),
    }),
    [Symbol.dispose]: close,
  };
}
