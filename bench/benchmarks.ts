import type { Table } from './table.ts';

export interface BenchmarkOptions {
  /** Few samples: it shows that the benchmark works, not how fast anything is. */
  readonly small: boolean;
  /** Only these sizes, for the benchmarks that measure how something grows: the largest take minutes each. */
  readonly sizes?: readonly number[] | undefined;
}

export type Benchmark = (options: BenchmarkOptions) => Promise<Table>;

/** What `pnpm bench` can run, in its order. Each is loaded when it runs, so that one needs no other's peers. */
export const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  startup: async () => (await import('./startup/benchmark-startup.ts')).benchmarkStartup,
  'tree-end': async () => (await import('./proc-guard/benchmark-tree-end.ts')).benchmarkTreeEnd,
  'left-behind': async () => (await import('./proc-guard/benchmark-left-behind.ts')).benchmarkLeftBehind,
  'start-cost': async () => (await import('./proc-guard/benchmark-start-cost.ts')).benchmarkStartCost,
  'idle-cost': async () => (await import('./proc-guard/benchmark-idle-cost.ts')).benchmarkIdleCost,
  'session-expiry': async () => (await import('./session-core/benchmark-expiry.ts')).benchmarkExpiry,
  'manager-memory': async () =>
    (await import('./session-core/benchmark-manager-memory.ts')).benchmarkManagerMemory,
  'session-stores': async () =>
    (await import('./session-core/benchmark-session-stores.ts')).benchmarkSessionStores,
  retry: async () => (await import('./proc-guard/benchmark-retry.ts')).benchmarkRetry,
  'diary-hook': async () => (await import('./diary-api/benchmark-hook.ts')).benchmarkHook,
  'knowledge-search': async () => (await import('./knowledge/benchmark-search.ts')).benchmarkSearch,
  'mcp-start': async () => (await import('./mcp/benchmark-mcp-start.ts')).benchmarkMcpStart,
  'mcp-calls': async () => (await import('./mcp/benchmark-mcp-calls.ts')).benchmarkMcpCalls,
  'mcp-together': async () => (await import('./mcp/benchmark-mcp-together.ts')).benchmarkMcpTogether,
  'diary-load': async () => (await import('./diary-api/benchmark-diary-load.ts')).benchmarkDiaryLoad,
  'diary-rest': async () => (await import('./diary-api/benchmark-diary-rest.ts')).benchmarkDiaryRest,
  'retry-bounds': async () => (await import('./proc-guard/benchmark-retry-bounds.ts')).benchmarkRetryBounds,
  size: async () => (await import('./proc-guard/benchmark-size.ts')).benchmarkSize,
  records: async () => (await import('./session-core/benchmark-records.ts')).benchmarkRecords,
  'journal-growth': async () =>
    (await import('./session-core/benchmark-journal-growth.ts')).benchmarkJournalGrowth,
};
