import type { AddressInfo } from 'node:net';

import type { FastifyInstance } from 'fastify';

import { DiaryError } from '../errors/diary-error.ts';

/**
 * Listens, and answers with the address as people type it.
 *
 * @throws DiaryError `PORT_IN_USE`, `LISTEN_FAILED`
 */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new DiaryError(
        'PORT_IN_USE',
        `Another program listens on ${host} port ${port}: end it, or choose another port with --port or DIARY_API_PORT (0 picks a free one).`,
        { cause: error },
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
      throw new DiaryError('LISTEN_FAILED', `${host} port ${port} cannot be listened on: ${message}.`, {
        cause: error,
      });
    }
    throw error;
  }
  const { address, port: actualPort, family } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actualPort}/`;
}
