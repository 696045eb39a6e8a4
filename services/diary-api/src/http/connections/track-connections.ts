import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /** Ends every connection that waits for nothing, now, and each of the others when it has its answer. */
  end(): void;
}

/**
 * Node counts a connection that has never sent anything as busy, and a browser opens such ones
 * beforehand: without this they hold up the end of the server until they time out.
 */
export function trackConnections(server: Server): Connections {
  const pending = new Map<Socket, number>();
  let isEnding = false;
  server.on('connection', (socket: Socket) => {
    pending.set(socket, 0);
    socket.once('close', () => pending.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    pending.set(socket, (pending.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (pending.get(socket) ?? 1) - 1;
      if (!socket.destroyed) pending.set(socket, left);
      if (isEnding && left === 0) socket.destroySoon();
    });
  });
  return {
    end() {
      isEnding = true;
      for (const [socket, count] of pending) if (count === 0) socket.destroy();
    },
  };
}
