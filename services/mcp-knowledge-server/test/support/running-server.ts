import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { serverCommand, serverEnvironment } from './server-command.ts';

export interface ServerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The server as a process, spoken to line by line: for what a well-behaved client would not do. */
export interface RunningServer {
  /** What the test started: the server, or what stands before it. */
  readonly child: ChildProcess;
  /** Writes to the server's stdin as it is. */
  readonly write: (text: string) => void;
  readonly send: (message: object) => void;
  /** The answer to the request with this id. */
  readonly answer: (id: number) => Promise<Record<string, unknown>>;
  /** Opens the connection as a client of 2025-11-25. */
  readonly initialize: () => Promise<void>;
  readonly callTool: (name: string, args?: object) => Promise<Record<string, unknown>>;
  readonly ended: () => Promise<ServerEnd>;
}

export interface RunServerOptions {
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  /** A command that starts the server, whose own command line is appended. */
  readonly through?: readonly string[];
}

export function runServer(home: string, options: RunServerOptions = {}): RunningServer {
  const [program = '', ...args] = [...(options.through ?? []), ...serverCommand, ...(options.args ?? [])];
  const child = spawn(program, args, {
    env: serverEnvironment(home, options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const waiting = new Map<number, (message: Record<string, unknown>) => void>();
  const answers = new Map<number, Record<string, unknown>>();
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  createInterface({ input: child.stdout }).on('line', (line) => {
    // --help and --version print text.
    if (!line.startsWith('{')) return;
    const message = JSON.parse(line) as Record<string, unknown>;
    const id = Number(message['id']);
    answers.set(id, message);
    waiting.get(id)?.(message);
  });
  const end = once(child, 'close').then(([code, signal]: unknown[]): ServerEnd => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout: stdout(),
    stderr: stderr(),
  }));

  let lastId = 0;
  const write = (text: string): void => {
    child.stdin.write(text);
  };
  const send = (message: object): void => {
    write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  const answer = (id: number): Promise<Record<string, unknown>> => {
    const known = answers.get(id);
    if (known !== undefined) return Promise.resolve(known);
    const unanswered = end.then(({ stderr }) => {
      throw new Error(`ended without an answer to ${id}: ${stderr}`);
    });
    return Promise.race([
      unanswered,
      new Promise<Record<string, unknown>>((resolve) => waiting.set(id, resolve)),
    ]);
  };
  const request = (method: string, params: object): Promise<Record<string, unknown>> => {
    lastId += 1;
    send({ id: lastId, method, params });
    return answer(lastId);
  };
  return {
    child,
    write,
    send,
    answer,
    initialize: async () => {
      await request('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'test-client', version: '1.0.0' },
      });
      send({ method: 'notifications/initialized' });
    },
    callTool: async (name, args = {}) => {
      const { result } = await request('tools/call', { name, arguments: args });
      return result as Record<string, unknown>;
    },
    ended: () => end,
  };
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}
