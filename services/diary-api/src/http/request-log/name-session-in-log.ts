import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Every later line of the request's log says which session it is about. */
export function nameSessionInLog(request: FastifyRequest, sessionId: string): void {
  const { log } = request as { log: { setBindings?: (bindings: Readonly<Record<string, unknown>>) => void } };
  log.setBindings?.({ sessionId });
}

export function nameSessionsInLogs(app: FastifyInstance): void {
  app.addHook('preHandler', async (request) => {
    const { id } = (request.params ?? {}) as { readonly id?: unknown };
    if (typeof id === 'string') nameSessionInLog(request, id);
  });
}
