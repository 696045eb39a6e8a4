import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * What the log says of a request: no header, where a token is, and no query, where a search or a
 * project's name is.
 */
export const requestSerializers: {
  readonly req: (request: FastifyRequest) => Readonly<Record<string, unknown>>;
  readonly res: (reply: FastifyReply) => Readonly<Record<string, unknown>>;
} = {
  req: (request) => ({
    method: request.method,
    url: request.url.split('?', 1)[0],
    remoteAddress: request.ip,
  }),
  res: (reply) => ({ statusCode: reply.statusCode }),
};
