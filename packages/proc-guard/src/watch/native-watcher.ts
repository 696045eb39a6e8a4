import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

import { findHelper } from '../helper/find-helper.ts';
import { formatIdentity, type ProcessIdentity } from '../identity/process-identity.ts';
import { lineSplitter } from './line-splitter.ts';

type Listener = (state: 'dead' | 'unknown') => void;
type WatcherChild = ChildProcessByStdio<Writable, Readable, null>;

export interface AddedWatch {
  readonly remove: () => void;
  /** Why nothing watches, when nothing does. */
  readonly gap?: string;
}

/**
 * Talks to one `proc-guard-native watch` child, which tells when a process has ended.
 *
 * ```
 * idle ── first add ──▶ running ── last remove ──▶ idle      (its stdin is closed, it ends)
 *                        │ the child dies
 *                        ▼
 *                 restart, all watches added again; after 5 restarts within 60 s ──▶ failed
 *                                                     (every listener hears `unknown`)
 * ```
 *
 * The child and its pipes are unreferenced. When this process is killed, the kernel closes the
 * pipe and the child ends.
 */
export interface NativeWatcher {
  add(identity: ProcessIdentity, listener: Listener): AddedWatch;
}

const maxRestarts = 5;
const restartWindowMs = 60_000;

let shared: NativeWatcher | undefined;

export function nativeWatcher(): NativeWatcher {
  shared ??= createNativeWatcher();
  return shared;
}

function createNativeWatcher(): NativeWatcher {
  const listeners = new Map<string, Set<Listener>>();
  const restarts: number[] = [];
  let child: WatcherChild | undefined;
  let failure: string | undefined;

  const send = (command: 'add' | 'remove', key: string): void => {
    // A child that has just died refuses; its `close` event adds everything to the next one.
    if (child?.stdin.writable === true) child.stdin.write(`${command} ${key}\n`);
  };

  const settle = (key: string, state: 'dead' | 'unknown'): void => {
    const waiting = listeners.get(key);
    if (waiting === undefined) return;
    listeners.delete(key);
    endWhenIdle();
    for (const listener of waiting) listener(state);
  };

  const endWhenIdle = (): void => {
    if (listeners.size > 0 || child === undefined) return;
    const ending = child;
    child = undefined;
    ending.stdin.end();
  };

  const start = (helper: string): void => {
    // Its own session: a terminal's Ctrl-C is for the program, not for its watcher.
    const started: WatcherChild = spawn(helper, ['watch'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    child = started;
    unreference(started);
    started.stdin.on('error', () => started.kill('SIGKILL'));
    started.stdout.on(
      'data',
      lineSplitter((line) => {
        const [word, key] = line.split(' ');
        if (key !== undefined && (word === 'dead' || word === 'unknown')) settle(key, word);
      }),
    );
    const ended = (reason: string): void => {
      if (child !== started) return;
      child = undefined;
      restart(helper, reason);
    };
    started.once('error', (error) => ended(error.message));
    started.once('close', (code, signal) => ended(`it ended with ${signal ?? String(code)}`));
    for (const key of listeners.keys()) send('add', key);
  };

  const restart = (helper: string, reason: string): void => {
    const now = performance.now();
    while (restarts[0] !== undefined && now - restarts[0] > restartWindowMs) restarts.shift();
    if (restarts.length < maxRestarts) {
      restarts.push(now);
      start(helper);
      return;
    }
    failure = `the native watcher keeps failing: ${reason}`;
    for (const key of Array.from(listeners.keys())) settle(key, 'unknown');
  };

  return {
    add: (identity, listener) => {
      const helper = findHelper();
      if (helper.path === undefined) return { gap: helper.reason, remove: () => undefined };
      if (failure !== undefined) return { gap: failure, remove: () => undefined };
      const key = formatIdentity(identity);
      const waiting = listeners.get(key) ?? new Set();
      const isNew = waiting.size === 0;
      waiting.add(listener);
      listeners.set(key, waiting);
      if (child === undefined) start(helper.path);
      else if (isNew) send('add', key);
      return {
        remove: () => {
          if (!waiting.delete(listener) || waiting.size > 0 || listeners.get(key) !== waiting) return;
          listeners.delete(key);
          send('remove', key);
          endWhenIdle();
        },
      };
    },
  };
}

function unreference(child: WatcherChild): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout]) {
    if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
}
