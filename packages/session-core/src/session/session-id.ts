import { randomFillSync } from 'node:crypto';

const bytes = Buffer.alloc(16);
const text = Buffer.alloc(40);

/** `ses_` and a UUIDv7 (RFC 9562): ids sort by the time at which they were made. */
export function createSessionId(now: number): string {
  randomFillSync(bytes);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  text.write(
    `ses_${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  );
  // Read back, because text that was put together keeps its parts alive: half of what a live session costs.
  return text.toString('latin1');
}
