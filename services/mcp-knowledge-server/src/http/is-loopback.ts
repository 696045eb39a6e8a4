import { isIPv4, isIPv6 } from 'node:net';

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  if (isIPv6(host)) return host === '::1' || host.toLowerCase().startsWith('::ffff:127.');
  return host.toLowerCase() === 'localhost';
}
