import type { Knowledge } from '../knowledge.ts';
import type { WireError } from './wire-error.ts';

/** What the worker is started with. */
export interface WorkerSetup {
  readonly path: string;
  readonly embeddings: string;
  readonly apiKey: string | undefined;
  readonly roots: readonly string[];
}

export type Method = Exclude<keyof Knowledge, 'close'>;

export type ToWorker =
  | { readonly call: number; readonly method: Method; readonly args: readonly unknown[] }
  | { readonly cancel: number }
  | { readonly close: true };

export type FromWorker =
  | { readonly ready: true }
  | { readonly failed: WireError }
  | { readonly call: number; readonly progress: readonly [number, number, string] }
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: WireError };
