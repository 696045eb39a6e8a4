import type { SearchPage, SearchRequest } from '../../search/search.ts';
import type { IntegrityReport } from '../../store/session-store.ts';

/** What a long-work thread can be asked, and what it answers. */
export interface LongTasks {
  readonly search: { readonly given: { request: SearchRequest; now: number }; readonly answer: SearchPage };
  readonly integrityCheck: { readonly given: null; readonly answer: IntegrityReport };
  /** Closes the connection; the thread ends. */
  readonly close: { readonly given: null; readonly answer: null };
}

export type LongTaskName = keyof LongTasks;

export interface LongTaskMessage {
  readonly id: number;
  readonly name: LongTaskName;
  readonly given: unknown;
}

/** An error of ours loses its class on the way between threads, so that its fields travel beside it. */
export type LongTaskReply =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  | { readonly id: number; readonly ok: false; readonly error: unknown; readonly detail: object | null };

/** What the thread is started with. */
export interface LongWorkSettings {
  readonly path: string;
  readonly durability: 'power-loss' | 'process-crash';
  readonly readOnly: boolean;
}
