import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { HttpProblem } from '../problem/http-problem.ts';
import { routeConfig } from '../route/route-config.ts';
import { eventStream } from './event-stream.ts';

const eventsQuerySchema = z.strictObject({
  /** A cursor, `now` or `start`; the header `Last-Event-ID` goes before it. */
  after: z.string().min(1).max(1_000).default('now'),
});

const eventsHeadersSchema = z.looseObject({ 'last-event-id': z.string().max(1_000).optional() });

export interface EventRouteOptions {
  /** Ends all streams. */
  readonly signal: AbortSignal;
  readonly heartbeatMs: number;
  readonly maxStreams: number;
  /** Told how many are open. */
  readonly onChange: (open: number) => void;
}

export function eventRoutes(manager: SessionManager, options: EventRouteOptions): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    let open = 0;
    app.get(
      '/events',
      {
        exposeHeadRoute: false,
        config: routeConfig('read', 'TOO_MANY_STREAMS'),
        schema: {
          tags: ['events'],
          summary: 'What happens, as server-sent events',
          description:
            'Goes on after `Last-Event-ID`. `stream:ready` comes first; `stream:reset` says that the cursor is not known any more.',
          querystring: eventsQuerySchema,
          headers: eventsHeadersSchema,
          response: { 200: { content: { 'text/event-stream': { schema: z.string() } } } },
        },
      },
      async (request, reply) => {
        if (open >= options.maxStreams) {
          throw new HttpProblem('TOO_MANY_STREAMS', `${options.maxStreams} event streams are open already.`);
        }
        const stream = eventStream(manager, {
          // A browser that has not had an event yet sends no header, and an empty one says the same.
          after: request.headers['last-event-id'] || request.query.after,
          signal: options.signal,
          heartbeatMs: options.heartbeatMs,
          onError: (error) => request.log.error({ err: error }, 'event stream failed'),
        });
        options.onChange((open += 1));
        stream.once('close', () => options.onChange((open -= 1)));
        return (
          reply
            .type('text/event-stream; charset=utf-8')
            .header('cache-control', 'no-cache, no-transform')
            .header('x-accel-buffering', 'no')
            // The connection ends with the stream: idle, it would keep a server that is ending waiting.
            .header('connection', 'close')
            .send(stream as never)
        );
      },
    );
    done();
  };
}
