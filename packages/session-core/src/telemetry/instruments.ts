import type { ManagerEmitter } from '../manager/manager-events.ts';
import type { TelemetryMeter } from './telemetry.ts';

/** What became of an operation; `outcome` is `ok` or the code of its error. */
export interface Measured {
  readonly operation: string;
  readonly outcome: string;
  readonly seconds: number;
}

/** Counts what happens through a manager; returns how to measure its operations. */
export function createInstruments(meter: TelemetryMeter, events: ManagerEmitter): (it: Measured) => void {
  const started = meter.createCounter('endwell.sessions.started', {
    description: 'Sessions started through this manager',
    unit: '{session}',
  });
  const ended = meter.createCounter('endwell.sessions.ended', {
    description: 'Sessions ended by this manager, whoever started them',
    unit: '{session}',
  });
  const lifetime = meter.createHistogram('endwell.session.duration', {
    description: 'From the start of a session to its end',
    unit: 's',
  });
  const entries = meter.createCounter('endwell.entries.recorded', {
    description: 'Journal entries recorded through this manager',
    unit: '{entry}',
  });
  const errors = meter.createCounter('endwell.manager.errors', {
    description: 'What failed in the background',
    unit: '{error}',
  });
  const refused = meter.createCounter('endwell.operations.refused', {
    description: 'Operations that failed, by the code of their error',
    unit: '{operation}',
  });
  const duration = meter.createHistogram('endwell.operation.duration', {
    description: 'How long an operation of the manager took',
    unit: 's',
  });

  events.on('session:started', ({ session }) => started.add(1, { kind: session.kind }));
  events.on('session:ended', ({ session }) => {
    const attributes = { reason: session.endReason ?? '' };
    ended.add(1, attributes);
    lifetime.record(((session.endedAt ?? session.startedAt) - session.startedAt) / 1000, attributes);
  });
  events.on('session:recorded', (event) => entries.add(event.entries.length));
  events.on('manager:error', () => errors.add(1));
  return ({ operation, outcome, seconds }) => {
    duration.record(seconds, { operation, outcome });
    if (outcome !== 'ok') refused.add(1, { operation, code: outcome });
  };
}
