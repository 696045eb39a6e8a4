import { END_REASONS, type SessionManager } from '@endwell/session-core';
import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface HttpMetrics {
  readonly registry: Registry;
  readonly mediaType: string;
  /** Told how many event streams are open. */
  streamsChanged(open: number): void;
  /** Reads the figures of the store and the process, which nothing samples meanwhile. */
  render(): Promise<string>;
}

/** What `/metrics` shows. */
export function createHttpMetrics(manager: SessionManager): HttpMetrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name, help, labelNames, registers });
  const sessions = gauge('diary_sessions', 'Sessions in the store, by state', 'state');
  const ends = gauge('diary_sessions_ended', 'Ended sessions in the store, by reason', 'reason');
  const entries = gauge('diary_entries', 'Journal entries in the store');
  const streams = gauge('diary_event_streams', 'Open event streams');
  addProcessMetrics(registers);
  return {
    registry,
    mediaType: registry.contentType,
    streamsChanged: (open) => streams.set(open),
    async render() {
      const counts = await manager.counts();
      sessions.set({ state: 'active' }, counts.active);
      sessions.set({ state: 'ended' }, counts.ended);
      for (const reason of END_REASONS) ends.set({ reason }, counts.byReason[reason]);
      entries.set(counts.entries);
      return await registry.metrics();
    },
  };
}

function addProcessMetrics(registers: Registry[]): void {
  const resident: Gauge = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory',
    registers,
    collect: () => resident.set(process.memoryUsage.rss()),
  });
  const heap: Gauge = new Gauge({
    name: 'nodejs_heap_used_bytes',
    help: 'Used heap',
    registers,
    collect: () => heap.set(process.memoryUsage().heapUsed),
  });
  let counted = 0;
  const cpu: Counter = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time, user and system',
    registers,
    collect: () => {
      const { user, system } = process.cpuUsage();
      const seconds = (user + system) / 1_000_000;
      cpu.inc(Math.max(0, seconds - counted));
      counted = seconds;
    },
  });
  const started: Gauge = new Gauge({
    name: 'process_start_time_seconds',
    help: 'When the process started, in seconds since 1970',
    registers,
  });
  started.set(Date.now() / 1_000 - process.uptime());
}

/** Counts and times every answer, by the route's pattern: an address never becomes a label. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long answers took, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)');
    const method = request.is404 ? '(any)' : request.method;
    duration.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
}
