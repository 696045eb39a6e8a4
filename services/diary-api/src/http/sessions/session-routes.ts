import type { Session, SessionManager } from '@endwell/session-core';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import {
  checkRevision,
  keyHeadersSchema,
  matchHeadersSchema,
  revisionTag,
} from '../idempotency/request-headers.ts';
import type { RequestLedger } from '../idempotency/request-ledger.ts';
import { nameSessionInLog } from '../request-log/name-session-in-log.ts';
import { routeConfig } from '../route/route-config.ts';
import {
  childrenSchema,
  endSessionSchema,
  listSessionsSchema,
  sessionListSchema,
  sessionParametersSchema,
  sessionSchema,
  startSessionSchema,
  type SessionView,
} from './session-schema.ts';
import { sessionView, sessionViews } from './session-view.ts';

export function sessionRoutes(manager: SessionManager, ledger: RequestLedger): FastifyPluginCallbackZod {
  /** A write on a session that a retry with the same key finds done. */
  const once = async (
    key: string | undefined,
    route: string,
    input: unknown,
    work: (isRepeated: boolean) => Promise<Session>,
    isRepeatable: boolean,
  ): Promise<Session> => {
    let session: Session | undefined;
    const { sessionId } = await ledger.once({ key, route, input, isRepeatable }, async (isRepeated) => {
      session = await work(isRepeated);
      return { sessionId: session.id, result: null };
    });
    if (session !== undefined) return session;
    if (sessionId === null) throw new Error('the ledger has an answer without a session');
    return await manager.get(sessionId);
  };

  const answer = async (reply: FastifyReply, session: Session): Promise<SessionView> => {
    reply.header('etag', revisionTag(session));
    return await sessionView(manager, session);
  };

  return (app, _options, done) => {
    app.get(
      '/sessions',
      {
        config: routeConfig('read', 'INVALID_OPTIONS'),
        schema: {
          tags: ['sessions'],
          summary: 'List sessions, newest first',
          querystring: listSessionsSchema,
          response: { 200: sessionListSchema },
        },
      },
      async (request) => {
        const { startedFrom, startedTo, ...query } = request.query;
        const { sessions, nextCursor } = await manager.list({
          ...query,
          startedFrom: startedFrom === undefined ? undefined : Date.parse(startedFrom),
          startedTo: startedTo === undefined ? undefined : Date.parse(startedTo),
        });
        return { sessions: await sessionViews(manager, sessions), nextCursor };
      },
    );

    app.post(
      '/sessions',
      {
        config: routeConfig(
          'write',
          'INVALID_OPTIONS',
          'SESSION_NOT_FOUND',
          'SESSION_ENDED',
          'EXTERNAL_ID_IN_USE',
          'SESSION_QUOTA',
          'SESSION_RATE',
          'IDEMPOTENCY_CONFLICT',
          'REQUEST_IN_PROGRESS',
          'REQUEST_UNSETTLED',
        ),
        schema: {
          tags: ['sessions'],
          summary: 'Start a session',
          description: 'It ends by a call, or at its deadline.',
          headers: keyHeadersSchema,
          body: startSessionSchema,
          response: { 201: sessionSchema },
        },
      },
      async (request, reply) => {
        const { body } = request;
        const key = request.headers['idempotency-key'];
        const start = (): Promise<Session> => manager.start({ ...body, owner: null });
        const session = await once(key, 'start', body, start, false);
        nameSessionInLog(request, session.id);
        return reply
          .code(201)
          .header('location', `/api/v1/sessions/${encodeURIComponent(session.id)}`)
          .header('etag', revisionTag(session))
          .send(await sessionView(manager, session));
      },
    );

    app.get(
      '/sessions/:id',
      {
        config: routeConfig('read', 'SESSION_NOT_FOUND'),
        schema: {
          tags: ['sessions'],
          summary: 'One session',
          description: 'Its ETag is its revision, for If-Match.',
          params: sessionParametersSchema,
          response: { 200: sessionSchema },
        },
      },
      async (request, reply) => answer(reply, await manager.get(request.params.id)),
    );

    app.get(
      '/sessions/:id/children',
      {
        config: routeConfig('read', 'SESSION_NOT_FOUND'),
        schema: {
          tags: ['sessions'],
          summary: 'The sessions below it',
          params: sessionParametersSchema,
          response: { 200: childrenSchema },
        },
      },
      async (request) => ({
        sessions: await sessionViews(manager, await manager.children(request.params.id)),
      }),
    );

    app.post(
      '/sessions/:id/touch',
      {
        config: routeConfig('write', 'SESSION_NOT_FOUND', 'SESSION_ENDED'),
        schema: {
          tags: ['sessions'],
          summary: 'Say that it is in use',
          description: 'Counts as activity. A repeated touch does no harm, with or without a key.',
          params: sessionParametersSchema,
          headers: keyHeadersSchema,
          response: { 200: sessionSchema },
        },
      },
      async (request, reply) => answer(reply, await manager.touch(request.params.id)),
    );

    app.post(
      '/sessions/:id/end',
      {
        config: routeConfig(
          'write',
          'SESSION_NOT_FOUND',
          'SESSION_ENDED',
          'REVISION_MISMATCH',
          'IDEMPOTENCY_CONFLICT',
          'REQUEST_IN_PROGRESS',
        ),
        schema: {
          tags: ['sessions'],
          summary: 'End a session',
          description:
            'What is below it ends too. A repeated request with the same key is answered like the first.',
          params: sessionParametersSchema,
          headers: matchHeadersSchema,
          body: endSessionSchema,
          response: { 200: sessionSchema },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { reason = 'completed', note = null } = request.body ?? {};
        const end = async (isRepeated: boolean): Promise<Session> => {
          const session = await manager.get(id);
          if (isRepeated && session.state === 'ended') return session;
          // An active session's revision changes by its end alone, which the end itself then refuses.
          checkRevision(request.headers['if-match'], session);
          return reason === 'terminated'
            ? await manager.terminate(id, { note })
            : await manager.end(id, { reason, note });
        };
        return answer(
          reply,
          await once(request.headers['idempotency-key'], 'end', [id, reason, note], end, true),
        );
      },
    );

    done();
  };
}
