import { uptime } from 'node:os';

import { readIdentity } from '../identity/read-identity.ts';
import type { ProcessRecord } from './read-process-table.ts';

/** USER_HZ, in which the kernel counts start times, is 100 on every Linux that Node runs on. */
const msPerTick = 10;

/**
 * How long a process has run, in milliseconds.
 *
 * @param sinceBootMs - when, @defaultValue now
 */
export function processAgeMs(
  { startTime }: Pick<ProcessRecord, 'startTime'>,
  sinceBootMs = bootClockMs(),
): number {
  return Math.max(0, sinceBootMs - startTime * msPerTick);
}

/**
 * The time on the clock by which the kernel notes when a process starts. That is the uptime, except in
 * containers that are shown an uptime of their own (lxcfs does so): there everything would seem to have been
 * started in the future. What has passed since our own start corrects it; alone it would not do, as it does not
 * count the time that the machine was suspended.
 */
export function bootClockMs(sources: BootClockSources = systemSources): number {
  return Math.max(sources.uptimeMs(), sources.ownStartTicks() * msPerTick + sources.runForMs());
}

export interface BootClockSources {
  uptimeMs(): number;
  ownStartTicks(): number;
  runForMs(): number;
}

let ownStart: number | undefined;

const systemSources: BootClockSources = {
  uptimeMs: () => uptime() * 1_000,
  ownStartTicks: () => (ownStart ??= readIdentity(process.pid)?.startTime ?? 0),
  runForMs: () => process.uptime() * 1_000,
};
