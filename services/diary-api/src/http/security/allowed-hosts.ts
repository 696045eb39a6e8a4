import { hostname } from 'node:os';
import { isIP } from 'node:net';

import { isLoopback } from '../../config/is-loopback.ts';

/**
 * Which names a request may give as its `Host`. On loopback only loopback: any other name is a
 * page of another site that has made its own name resolve to this machine. On another address also
 * plain IP addresses, which no such page can have as its name, this machine's name and what was named.
 */
export function allowedHosts(address: string, named: readonly string[] = []): (host: string) => boolean {
  const names = new Set(named.map((name) => name.toLowerCase()));
  if (isLoopback(address)) return (host) => isLoopback(host) || names.has(host.toLowerCase());
  names.add(hostname().toLowerCase());
  names.add(address.toLowerCase());
  return (host) => isIP(host) !== 0 || isLoopback(host) || names.has(host.toLowerCase());
}
