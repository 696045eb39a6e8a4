import { expect, test } from 'vitest';

import { CircuitOpenError, createCircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts';

const down = new Error('down');
const fail = (): Promise<never> => Promise.reject(down);

function breakerWithClock(options: CircuitBreakerOptions = {}): {
  breaker: ReturnType<typeof createCircuitBreaker>;
  advance: (ms: number) => void;
  states: string[];
} {
  let time = 0;
  const states: string[] = [];
  const breaker = createCircuitBreaker({
    failureThreshold: 3,
    openMs: 1_000,
    now: () => time,
    onStateChange: (state) => states.push(state),
    ...options,
  });
  return { breaker, advance: (ms) => (time += ms), states };
}

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => value,
    (error: unknown) => (error instanceof CircuitOpenError ? `refused for ${error.retryAfterMs}` : error),
  );
}

test('failures in a row open it; a success in between does not let them add up', async () => {
  const { breaker, states } = breakerWithClock();
  await outcome(breaker.execute(fail));
  await outcome(breaker.execute(fail));
  expect(await breaker.execute(() => 'fine')).toBe('fine');
  await outcome(breaker.execute(fail));
  await outcome(breaker.execute(fail));
  expect(breaker.state).toBe('closed');
  expect(await outcome(breaker.execute(fail))).toBe(down);
  expect(states).toEqual(['open']);
});

test('while it is open nothing is called; after the time one trial is, and decides', async () => {
  const { breaker, advance, states } = breakerWithClock();
  for (let call = 0; call < 3; call += 1) await outcome(breaker.execute(fail));
  let calls = 0;
  const count = (): number => (calls += 1);
  expect(await outcome(breaker.execute(count))).toBe('refused for 1000');
  advance(1_000);
  expect(breaker.state).toBe('half-open');
  await outcome(breaker.execute(fail));
  expect(await outcome(breaker.execute(count))).toBe('refused for 1000');
  expect(calls).toBe(0);
  advance(1_000);
  expect(await breaker.execute(count)).toBe(1);
  expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
});

test('only as many trials run at a time as asked for', async () => {
  const { breaker, advance } = breakerWithClock({ trials: 2 });
  for (let call = 0; call < 3; call += 1) await outcome(breaker.execute(fail));
  advance(1_000);
  const gate = Promise.withResolvers<string>();
  const trials = [breaker.execute(() => gate.promise), breaker.execute(() => gate.promise)];
  expect(await outcome(breaker.execute(() => 'third'))).toBe('refused for 0');
  gate.resolve('fine');
  expect(await Promise.all(trials)).toEqual(['fine', 'fine']);
  expect(breaker.state).toBe('closed');
});

test('a late failure from before it opened does not count again', async () => {
  const { breaker, advance } = breakerWithClock();
  const late = Promise.withResolvers<never>();
  const slow = outcome(breaker.execute(() => late.promise));
  for (let call = 0; call < 3; call += 1) await outcome(breaker.execute(fail));
  advance(1_000);
  expect(await breaker.execute(() => 'fine')).toBe('fine');
  late.reject(down);
  await slow;
  expect(breaker.state).toBe('closed');
});

test('an error that says nothing about the dependency does not open it', async () => {
  const { breaker } = breakerWithClock({ isFailure: (error) => error !== down });
  for (let call = 0; call < 10; call += 1) expect(await outcome(breaker.execute(fail))).toBe(down);
  expect(breaker.state).toBe('closed');
});
