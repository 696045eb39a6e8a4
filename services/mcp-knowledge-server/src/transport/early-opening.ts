import type { Readable, Writable } from 'node:stream';

import { capabilities, instructions, serverName, serverTitle } from '../server-identity.ts';

/** What was read before there was somebody to read it. */
export interface EarlyOpening {
  /** Resolves when the client has said something, or has closed its end. */
  readonly heard: Promise<void>;
  /** Ends the early reading. Nothing is lost: the connection begins with these bytes. */
  handOver(): OpeningBytes;
}

export interface OpeningBytes {
  readonly bytes: Buffer;
  /** The id of the `initialize` that has been answered already. */
  readonly answered: number | string | undefined;
}

/** The revisions with a handshake, the newest first. */
export const handshakeRevisions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'];

const newline = 0x0a;
const plainClientFields = new Set(['name', 'title', 'version', 'websiteUrl', 'description']);

/**
 * Answers the handshake of a client before the protocol's library is loaded, which takes longer than all
 * the rest of a start. The library gets the same message later, and its answer, which is the same, is left
 * out. Any other first message waits for the library.
 */
export function createEarlyOpening(input: Readable, output: Writable, version: string): EarlyOpening {
  const chunks: Buffer[] = [];
  const heard = Promise.withResolvers<void>();
  let answered: number | string | undefined;
  let opened = false;
  const read = (chunk: Buffer): void => {
    chunks.push(chunk);
    if (opened || !chunk.includes(newline)) return;
    opened = true;
    const bytes = Buffer.concat(chunks);
    const opening = readHandshake(bytes.subarray(0, bytes.indexOf(newline)).toString('utf8'));
    if (opening !== undefined) {
      answered = opening.id;
      output.write(`${JSON.stringify(answerOf(opening, version))}\n`);
    }
    heard.resolve();
  };
  const end = (): void => heard.resolve();
  input.on('data', read).once('end', end).once('error', end);
  return {
    heard: heard.promise,
    handOver: () => {
      input.off('data', read).off('end', end).off('error', end);
      input.pause();
      return { bytes: Buffer.concat(chunks), answered };
    },
  };
}

interface Handshake {
  readonly id: number | string;
  readonly protocolVersion: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Only a handshake in which nothing is missing: what is to be refused is refused by the library. */
function readHandshake(line: string): Handshake | undefined {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(message)) return undefined;
  const { jsonrpc, id, method, params } = message;
  if (jsonrpc !== '2.0' || method !== 'initialize' || !isObject(params)) return undefined;
  if (typeof id !== 'string' && !(typeof id === 'number' && Number.isSafeInteger(id))) return undefined;
  const { protocolVersion, capabilities: offered, clientInfo, ...others } = params;
  const complete =
    typeof protocolVersion === 'string' &&
    isPlain(offered) &&
    isObject(clientInfo) &&
    'name' in clientInfo &&
    'version' in clientInfo &&
    Object.entries(clientInfo).every(
      ([key, value]) => plainClientFields.has(key) && typeof value === 'string',
    ) &&
    Object.keys(others).length === 0;
  return complete ? { id, protocolVersion } : undefined;
}

function answerOf({ id, protocolVersion }: Handshake, version: string): object {
  const [newest] = handshakeRevisions;
  return {
    result: {
      protocolVersion: handshakeRevisions.includes(protocolVersion) ? protocolVersion : newest,
      capabilities,
      serverInfo: { name: serverName, title: serverTitle, version },
      instructions,
    },
    jsonrpc: '2.0',
    id,
  };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Capabilities are objects of objects; whatever else is in them is for the library to judge. */
function isPlain(value: unknown): value is Fields {
  return isObject(value) && Object.values(value).every(isObject);
}
