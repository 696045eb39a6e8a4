import { isSessionError, type PurgeTarget, type SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import type { UsageStore } from '../../usage/usage-store.ts';
import { checkRevision, keyHeadersSchema, matchHeadersSchema } from '../idempotency/request-headers.ts';
import type { RequestLedger } from '../idempotency/request-ledger.ts';
import { HttpProblem, isHttpProblem } from '../problem/http-problem.ts';
import { routeConfig } from '../route/route-config.ts';
import { sessionParametersSchema } from '../sessions/session-schema.ts';
import { previewProject, type PurgePreview, previewSession } from './preview-purge.ts';
import {
  entryParametersSchema,
  purgeEntryQuerySchema,
  purgeProjectQuerySchema,
  purgeResultSchema,
  purgeSessionQuerySchema,
  type PurgeAnswer,
} from './purge-schema.ts';

const NOTHING: PurgeAnswer = { sessions: 0, entries: 0, pending: false };

/** Forgetting for good. What cannot be undone is named twice: in the address, and as `confirm`. */
export function purgeRoutes(
  manager: SessionManager,
  ledger: RequestLedger,
  usage: UsageStore,
): FastifyPluginCallbackZod {
  const purge = async (
    key: string | undefined,
    target: PurgeTarget,
    endActive: boolean,
    first: () => Promise<void>,
  ): Promise<PurgeAnswer> => {
    const request = { key, route: 'purge', input: [target, endActive], isRepeatable: true };
    const { result } = await ledger.once(request, async (isRepeated) => {
      try {
        await first();
        const { sessions, entries, pending } = await manager.purge(target, { endActive });
        return { sessionId: null, result: { sessions, entries, pending } };
      } catch (error) {
        // The server that died in the middle had done it.
        const isGone =
          (isSessionError(error) && error.code === 'SESSION_NOT_FOUND') ||
          (isHttpProblem(error) && error.code === 'PROJECT_NOT_FOUND');
        if (isRepeated && isGone) return { sessionId: null, result: { ...NOTHING } };
        throw error;
      }
    });
    return purgeResultSchema.parse(result);
  };

  return (app, _options, done) => {
    app.delete(
      '/sessions/:id',
      {
        config: routeConfig(
          'admin',
          'SESSION_NOT_FOUND',
          'SESSION_ACTIVE',
          'CONFIRMATION_REQUIRED',
          'REVISION_MISMATCH',
          'IDEMPOTENCY_CONFLICT',
          'REQUEST_IN_PROGRESS',
        ),
        schema: {
          tags: ['moving'],
          summary: 'Forget a session and what is below it',
          description: 'For good, also in the files. Without `confirm` it says what would go.',
          params: sessionParametersSchema,
          querystring: purgeSessionQuerySchema,
          headers: matchHeadersSchema,
          response: { 200: purgeResultSchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { confirm, endActive } = request.query;
        if (confirm !== id) throw unconfirmed(await previewSession(manager, await manager.get(id)));
        const answer = await purge(
          request.headers['idempotency-key'],
          { sessionId: id },
          endActive === 'true',
          async () => checkRevision(request.headers['if-match'], await manager.get(id)),
        );
        request.log.warn(answer, 'a session was forgotten');
        return answer;
      },
    );

    app.delete(
      '/sessions/:id/entries/:sequence',
      {
        config: routeConfig(
          'admin',
          'SESSION_NOT_FOUND',
          'ENTRY_NOT_FOUND',
          'CONFIRMATION_REQUIRED',
          'IDEMPOTENCY_CONFLICT',
          'REQUEST_IN_PROGRESS',
        ),
        schema: {
          tags: ['moving'],
          summary: 'Forget an entry',
          description: 'Its place in the journal stays, empty. Without `confirm` it says what would go.',
          params: entryParametersSchema,
          querystring: purgeEntryQuerySchema,
          headers: keyHeadersSchema,
          response: { 200: purgeResultSchema },
        },
      },
      async (request) => {
        const { id, sequence } = request.params;
        const [entry] = (await manager.entries(id, { after: sequence - 1, limit: 1 })).entries;
        if (entry?.sequence !== sequence) {
          throw new HttpProblem('ENTRY_NOT_FOUND', `The session has no entry ${sequence}.`);
        }
        if (request.query.confirm !== sequence) throw unconfirmed({ sessions: 0, entries: 1, active: 0 });
        const target = { sessionId: id, sequence };
        const answer = await purge(request.headers['idempotency-key'], target, true, async () => {});
        await usage.forget(id, sequence);
        request.log.warn({ ...answer, sequence }, 'an entry was forgotten');
        return answer;
      },
    );

    app.delete(
      '/projects',
      {
        config: routeConfig(
          'admin',
          'PROJECT_NOT_FOUND',
          'SESSION_ACTIVE',
          'CONFIRMATION_REQUIRED',
          'IDEMPOTENCY_CONFLICT',
          'REQUEST_IN_PROGRESS',
        ),
        schema: {
          tags: ['moving'],
          summary: 'Forget a project: every session of it',
          description: 'For good, also in the files. Without `confirm` it says what would go.',
          querystring: purgeProjectQuerySchema,
          headers: keyHeadersSchema,
          response: { 200: purgeResultSchema },
        },
      },
      async (request) => {
        const { project, confirm, endActive } = request.query;
        const preview = async (): Promise<PurgePreview> => {
          const found = await previewProject(manager, project);
          if (found === undefined) throw noProject();
          return found;
        };
        if (confirm !== project) throw unconfirmed(await preview());
        const key = request.headers['idempotency-key'];
        const answer = await purge(
          key,
          { project },
          endActive === 'true',
          async () => void (await preview()),
        );
        request.log.warn(answer, 'a project was forgotten');
        return answer;
      },
    );
    done();
  };
}

function noProject(): HttpProblem {
  return new HttpProblem('PROJECT_NOT_FOUND', 'No session belongs to this project.');
}

function unconfirmed(preview: PurgePreview): HttpProblem {
  const { sessions, entries, active } = preview;
  return new HttpProblem(
    'CONFIRMATION_REQUIRED',
    `This forgets ${sessions} sessions with ${entries} entries for good, of which ${active} are active. Send it again with "confirm".`,
    { preview },
  );
}
