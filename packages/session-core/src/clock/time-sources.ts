import { readlinkSync } from 'node:fs';
import { uptime } from 'node:os';

import { selfIdentity } from '../owner/self-identity.ts';
import type { ClockTimer } from './clock.ts';

/** The clocks of a machine, each with a fault of its own. All in milliseconds. */
export interface TimeSources {
  /** Since 1970; somebody may set it. */
  wallMs(): number;
  /** Since some moment; stands still while the machine is suspended. */
  monotonicMs(): number;
  /** Since boot, suspend included, rounded down to some 10 ms; undefined where the machine has none. */
  readonly uptimeMs: (() => number) | undefined;
  /** Where processes read the same uptime. */
  readonly domain: string;
  readonly bootId: string;
  setTimeout(callback: () => void, delayMs: number): ClockTimer;
}

/** Node takes no longer delay; whoever set the timer looks again when it fires. */
const maxDelayMs = 2_147_483_647;

export function systemTimeSources(): TimeSources {
  const self = selfIdentity();
  // The same clock, read from where Node began to count: numbers instead of BigInts, as it is read for each write.
  const countedFrom = Number(process.hrtime.bigint() / 1_000n) / 1_000 - performance.now();
  const monotonicMs = (): number => countedFrom + performance.now();
  // Elsewhere the uptime is computed from the wall clock, or the boot has no name.
  const hasUptime = process.platform === 'linux' && self !== undefined;
  const uptimeMs = (): number => uptime() * 1_000;
  // Some containers are shown an uptime of their own; only within one is it the same.
  const virtual = hasUptime && uptimeMs() + 1_000 < monotonicMs();
  return {
    wallMs: () => Date.now(),
    monotonicMs,
    uptimeMs: hasUptime ? uptimeMs : undefined,
    domain: `${self?.bootId ?? ''}/${timeNamespace()}${virtual ? `/${self.pidNamespace}` : ''}`,
    bootId: self?.bootId ?? '',
    setTimeout(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), maxDelayMs));
      timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

function timeNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    // A kernel before 5.6 has one for all.
    return 'time';
  }
}
