import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  localhostAllowedHostnames,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server';

export interface Refusal {
  readonly status: 401 | 403;
  /** One sentence, for the developer of the client. */
  readonly message: string;
}

/** Looks at each request before anything of its body is read. */
export interface RequestGuard {
  check(headers: IncomingHttpHeaders): Refusal | undefined;
}

/**
 * A page of another site can reach a server on loopback through the visitor's browser: by a name that it
 * makes resolve to 127.0.0.1, which shows in `Host`, or directly, which shows in `Origin`. Away from
 * loopback a token is what keeps strangers out, and the names by which the server is reached are not known.
 */
export function createRequestGuard(options: {
  readonly host: string;
  readonly isLoopback: boolean;
  readonly token: string | undefined;
}): RequestGuard {
  const hostnames = [...localhostAllowedHostnames(), hostnameOf(options.host)];
  const digest = options.token === undefined ? undefined : sha256(options.token);
  return {
    check: ({ host, origin, authorization }) => {
      const named = validateHostHeader(host, hostnames);
      if (options.isLoopback && !named.ok) {
        return { status: 403, message: 'The Host header must name a loopback address.' };
      }
      const origins = options.isLoopback ? hostnames : [...hostnames, hostnameOf(host ?? '')];
      if (!validateOriginHeader(origin, origins).ok) {
        return { status: 403, message: 'The Origin header names another site.' };
      }
      if (digest !== undefined && !carriesToken(authorization, digest)) {
        return { status: 401, message: 'This server needs its access token: Authorization: Bearer <token>.' };
      }
      return undefined;
    },
  };
}

function carriesToken(authorization: string | undefined, digest: Buffer): boolean {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  return token !== undefined && timingSafeEqual(sha256(token), digest);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The name as it stands in a URL, without a port. */
function hostnameOf(host: string): string {
  const url = `http://${host.includes(':') && !/[\].]/.test(host) ? `[${host}]` : host}`;
  return URL.canParse(url) ? new URL(url).hostname : host;
}
