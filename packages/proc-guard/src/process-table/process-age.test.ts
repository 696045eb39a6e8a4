import { describe, expect, test } from 'vitest';

import { bootClockMs, processAgeMs } from './process-age.ts';

const sources = (uptimeMs: number, ownStartTicks: number, runForMs: number) => ({
  uptimeMs: () => uptimeMs,
  ownStartTicks: () => ownStartTicks,
  runForMs: () => runForMs,
});

describe('the age of a process', () => {
  test('is the uptime less the ticks at its start', () => {
    expect(processAgeMs({ startTime: 100 }, 5_000)).toBe(4_000);
    expect(processAgeMs({ startTime: 1_000 }, 5_000)).toBe(0);
  });

  test('of this process is how long it has run', () => {
    const startTime = Math.round((bootClockMs() - process.uptime() * 1_000) / 10);
    expect(Math.abs(processAgeMs({ startTime }) - process.uptime() * 1_000)).toBeLessThan(1_000);
  });

  test('is right where a container is shown an uptime of its own', () => {
    expect(bootClockMs(sources(100_000, 9_000_000, 60_000))).toBe(90_060_000);
  });

  test('counts the time that the machine was suspended', () => {
    expect(bootClockMs(sources(7_200_000, 1_000, 60_000))).toBe(7_200_000);
  });
});
