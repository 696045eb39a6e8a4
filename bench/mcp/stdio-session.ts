import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** One server over stdio, spoken to line by line, so that nothing of a client is measured. */
export interface StdioSession {
  /** When the program was started, on the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly pid: number;
  /** Sends without waiting; resolves with the answer and when it came. */
  request(method: string, params: object): Promise<Answer>;
  call(tool: string, args: object): Promise<Answer>;
  notify(method: string): void;
  /** Closes the input and waits for the end of the program. */
  close(): Promise<void>;
}

export interface Answer {
  readonly result: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export const handshake = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1.0.0' },
};

export async function startSession(
  file: string,
  environment: (home: string) => Readonly<Record<string, string>>,
): Promise<StdioSession> {
  const home = await mkdtemp(join(tmpdir(), 'endwell-bench-'));
  const startedAt = performance.now();
  const child: ChildProcess = spawn(process.execPath, [file], {
    env: { ...process.env, HOME: home, ...environment(home) },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  if (child.stdout === null || child.stdin === null || child.pid === undefined) {
    throw new Error('The program did not start.');
  }
  const { stdin, stdout, pid } = child;
  createInterface({ input: stdout }).on('line', (line) => {
    const at = performance.now();
    const message = JSON.parse(line) as { id?: number; result?: Answer['result']; error?: unknown };
    const waiter = message.id === undefined ? undefined : waiting.get(message.id);
    if (message.result !== undefined) waiter?.resolve({ result: message.result, at });
    else waiter?.reject(new Error(`The server answered with an error: ${line}`));
  });
  child.once('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The server ended without an answer.'));
  });
  let lastId = 0;
  const send = (message: object): void => {
    stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  const request: StdioSession['request'] = async (method, params) => {
    const id = (lastId += 1);
    const waiter = Promise.withResolvers<Answer>();
    waiting.set(id, waiter);
    send({ id, method, params });
    try {
      return await waiter.promise;
    } finally {
      waiting.delete(id);
    }
  };
  return {
    startedAt,
    pid,
    request,
    call: async (name, args) => {
      const answer = await request('tools/call', { name, arguments: args });
      if (answer.result['isError'] === true)
        throw new Error(`${name} failed: ${JSON.stringify(answer.result)}`);
      return answer;
    },
    notify: (method) => send({ method }),
    close: async () => {
      stdin.end();
      await closed;
      await rm(home, { recursive: true, force: true });
    },
  };
}
