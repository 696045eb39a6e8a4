import { isSessionError } from '../errors/session-error.ts';
import type { SessionManager } from '../manager/session-manager.ts';
import { createInstruments } from './instruments.ts';
import type { Telemetry, TelemetrySpan } from './telemetry.ts';

/** What can be awaited. Iterators live as long as their reader likes, and closing is no operation. */
const operations = [
  'start',
  'recordByExternalId',
  'importSession',
  'get',
  'list',
  'children',
  'touch',
  'record',
  'entries',
  'search',
  'end',
  'terminate',
  'endOwned',
  'sweep',
  'purge',
  'counts',
  'statistics',
  'integrityCheck',
] as const satisfies readonly (keyof SessionManager)[];

/** `SpanStatusCode.ERROR` of the OpenTelemetry API. */
const statusError = 2;

type Operation = (...args: readonly unknown[]) => Promise<unknown>;

/** The same manager, whose operations leave spans and metrics. */
export function instrumentManager(
  manager: SessionManager,
  name: string,
  { tracer, meter }: Telemetry,
): SessionManager {
  const measure = meter === undefined ? undefined : createInstruments(meter, manager.events);

  const instrument =
    (operation: string, run: Operation): Operation =>
    async (...args) => {
      const span = tracer?.startSpan(`session ${operation}`, { attributes: { 'endwell.manager': name } });
      if (typeof args[0] === 'string') span?.setAttribute('session.id', args[0]);
      const begunAt = performance.now();
      let outcome = 'ok';
      try {
        const value = await run(...args);
        noteId(span, value);
        return value;
      } catch (error) {
        outcome = isSessionError(error) ? error.code : 'unknown';
        noteError(span, error, outcome);
        throw error;
      } finally {
        measure?.({ operation, outcome, seconds: (performance.now() - begunAt) / 1000 });
        span?.end();
      }
    };

  const instrumented: Record<string, unknown> = {};
  for (const operation of operations) {
    instrumented[operation] = instrument(operation, manager[operation] as unknown as Operation);
  }
  return { ...manager, ...instrumented };
}

/** Of what was started or found. */
function noteId(span: TelemetrySpan | undefined, value: unknown): void {
  if (span === undefined || typeof value !== 'object' || value === null) return;
  const { id, session } = value as { id?: unknown; session?: { id?: unknown } };
  const found = id ?? session?.id;
  if (typeof found === 'string') span.setAttribute('session.id', found);
}

function noteError(span: TelemetrySpan | undefined, error: unknown, code: string): void {
  if (span === undefined) return;
  span.setAttribute('error.type', code);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error) span.recordException(error);
  span.setStatus({ code: statusError, message });
}
