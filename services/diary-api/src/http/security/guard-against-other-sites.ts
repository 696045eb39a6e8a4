import type { FastifyInstance } from 'fastify';

import { HttpProblem } from '../problem/http-problem.ts';

/**
 * A page of another site can reach a server on loopback through the visitor's browser: by a name
 * that it makes resolve to 127.0.0.1 (DNS rebinding, seen in `Host`), or directly (seen in
 * `Origin` and `Sec-Fetch-Site`). Neither may read or write here. The port does not matter: it differs behind a tunnel.
 */
export function guardAgainstOtherSites(app: FastifyInstance, isAllowedHost: (host: string) => boolean): void {
  const isAllowed = (host: string): boolean => {
    const hostname = parseHostname(`http://${host}`);
    return hostname !== undefined && isAllowedHost(hostname);
  };
  /** Nearly every request names the same one; to take it apart each time was a thirtieth of the time of a small write. */
  let allowedBefore: string | undefined;
  app.addHook('onRequest', async (request) => {
    const { host } = request.headers;
    if (host === undefined || (host !== allowedBefore && !isAllowed(host))) {
      throw new HttpProblem('HOST_NOT_ALLOWED', 'The Host header names no host of this server.');
    }
    allowedBefore = host;
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
      throw new HttpProblem('ORIGIN_NOT_ALLOWED', 'The Origin header names another site.');
    }
    // A request without Origin that a browser says comes from elsewhere: an image, a frame. A plain link may come here.
    const site = request.headers['sec-fetch-site'];
    const isNavigation = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
    if ((site === 'cross-site' || site === 'same-site') && !isNavigation) {
      throw new HttpProblem('ORIGIN_NOT_ALLOWED', 'The request comes from a page of another site.');
    }
  });
}

function parseHostname(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, username, pathname } = new URL(url);
  if (username !== '' || pathname !== '/') return undefined;
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
