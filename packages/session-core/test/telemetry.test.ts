import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';

import { context, trace, type Meter, type Tracer } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { pino } from 'pino';
import { expect, expectTypeOf, it } from 'vitest';

import {
  createSessionManager,
  memoryStore,
  type TelemetryMeter,
  type TelemetryTracer,
} from '../src/index.ts';
import { fakeClock } from '../src/testing/index.ts';

it('leaves a span for each operation, with the session and the code of a failure', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('test');
  await using manager = createSessionManager({ store: memoryStore(), name: 'main', telemetry: { tracer } });
  const { id } = await manager.start({ kind: 'test' });
  await manager.record(id, { type: 'note', text: 'x' });
  await manager.end(id);
  await expect(manager.touch(id)).rejects.toMatchObject({ code: 'SESSION_ENDED' });

  const spans = exporter.getFinishedSpans();
  expect(spans.map((span) => span.name)).toStrictEqual([
    'session start',
    'session record',
    'session end',
    'session touch',
  ]);
  for (const span of spans) {
    expect(span.attributes).toMatchObject({ 'endwell.manager': 'main', 'session.id': id });
  }
  expect(spans.map((span) => span.status.code)).toStrictEqual([0, 0, 0, 2]);
  expect(spans.at(-1)?.attributes['error.type']).toBe('SESSION_ENDED');
  expect(spans.at(-1)?.events.map((event) => event.name)).toStrictEqual(['exception']);
  await provider.shutdown();
  expect(trace.getSpan(context.active())).toBeUndefined();
});

it('counts starts, ends, entries and refusals, and measures how long they took', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const clock = fakeClock();
  await using manager = createSessionManager({
    store: memoryStore(),
    clock,
    telemetry: { meter: provider.getMeter('test') },
    quotas: { perStore: 2 },
  });
  const first = await manager.start({ kind: 'a' });
  await manager.start({ kind: 'b', idleTtlMs: 1_000 });
  await expect(manager.start({ kind: 'c' })).rejects.toMatchObject({ code: 'SESSION_QUOTA' });
  await manager.record(first.id, [
    { type: 'note', text: 'x' },
    { type: 'note', text: 'y' },
  ]);
  clock.jump(2_000);
  await manager.sweep();
  await manager.end(first.id);

  await reader.forceFlush();
  const points = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => ({ name: descriptor.name, attributes, value })),
    );
  const values = (name: string): unknown[] =>
    points
      .filter((point) => point.name === name)
      .map(({ attributes, value }) => [
        attributes,
        typeof value === 'number' ? value : { count: value.count, sum: value.sum },
      ]);
  expect(values('endwell.sessions.started')).toStrictEqual([
    [{ kind: 'a' }, 1],
    [{ kind: 'b' }, 1],
  ]);
  expect(values('endwell.sessions.ended')).toStrictEqual([
    [{ reason: 'idle_timeout' }, 1],
    [{ reason: 'completed' }, 1],
  ]);
  expect(values('endwell.session.duration')).toStrictEqual([
    [{ reason: 'idle_timeout' }, { count: 1, sum: 1 }],
    [{ reason: 'completed' }, { count: 1, sum: 2 }],
  ]);
  expect(values('endwell.entries.recorded')).toStrictEqual([[{}, 2]]);
  expect(values('endwell.operations.refused')).toStrictEqual([
    [{ operation: 'start', code: 'SESSION_QUOTA' }, 1],
  ]);
  expect(values('endwell.operation.duration')).toHaveLength(5);
  await provider.shutdown();
});

it('needs nothing of it where nobody asks', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
    peerDependenciesMeta: Record<string, unknown>;
  };
  expect(
    Object.keys(manifest.dependencies).filter((name) => name.startsWith('@opentelemetry')),
  ).toStrictEqual([]);
  expect(manifest.peerDependenciesMeta['@opentelemetry/api']).toStrictEqual({ optional: true });
  expectTypeOf<Tracer>().toExtend<TelemetryTracer>();
  expectTypeOf<Meter>().toExtend<TelemetryMeter>();
});

it('logs starts and ends as pino does, and failures with their error', async () => {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  const logger = pino({ level: 'info' }, stream);
  await using manager = createSessionManager({ store: memoryStore(), logger, name: 'main' });
  manager.events.on('session:ended', () => {
    throw new Error('in a listener');
  });
  const { id } = await manager.start({ kind: 'test' });
  await manager.end(id);
  expect(lines).toMatchObject([
    { level: 30, manager: 'main', sessionId: id, kind: 'test', msg: 'session started' },
    { level: 30, manager: 'main', sessionId: id, reason: 'completed', msg: 'session ended' },
    { level: 50, manager: 'main', err: { type: 'Error', message: 'in a listener' } },
  ]);
});
