import { getRandomValues } from 'node:crypto';

/** `ses_` and a UUIDv7 (RFC 9562): ids sort by the time at which they were made. */
export function createSessionId(now: number): string {
  const bytes = new Uint8Array(16);
  getRandomValues(bytes);
  new DataView(bytes.buffer).setUint32(0, Math.floor(now / 0x1_0000));
  new DataView(bytes.buffer).setUint16(4, now % 0x1_0000);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Buffer.from(bytes).toString('hex');
  return `ses_${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
