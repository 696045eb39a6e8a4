import type { SearchPage, SearchRequest } from '../../search/search.ts';
import type { Statistics, StatisticsOptions } from '../../statistics/statistics.ts';
import type {
  IntegrityReport,
  PurgeOutcome,
  PurgeTarget,
  RetentionCutoffs,
  RetentionResult,
} from '../../store/session-store.ts';

/** What a long-work thread can be asked, and what it answers. */
export interface LongTasks {
  readonly search: { readonly given: { request: SearchRequest; now: number }; readonly answer: SearchPage };
  readonly purge: {
    readonly given: { target: PurgeTarget; endActive: boolean; now: number };
    readonly answer: PurgeOutcome;
  };
  readonly retain: {
    readonly given: { cutoffs: RetentionCutoffs; now: number };
    readonly answer: RetentionResult;
  };
  readonly statistics: {
    readonly given: { options: StatisticsOptions; now: number };
    readonly answer: Statistics;
  };
  readonly integrityCheck: { readonly given: null; readonly answer: IntegrityReport };
  /** Moves what nobody reads any more from the WAL into the database. */
  readonly checkpoint: { readonly given: null; readonly answer: null };
  /** Closes the connection; the thread ends. */
  readonly close: { readonly given: null; readonly answer: null };
}

export type LongTaskName = keyof LongTasks;

export interface LongTaskMessage {
  readonly id: number;
  readonly name: LongTaskName;
  readonly given: unknown;
  readonly stop: StopFlag;
}

/** Shared between the threads, one for each task; 1 when the task is to stop where it can. */
export type StopFlag = Int32Array<SharedArrayBuffer>;

/** An error of ours loses its class on the way between threads, so that its fields travel beside it. */
export type LongTaskReply =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  | { readonly id: number; readonly ok: false; readonly error: unknown; readonly detail: object | null };

/** Which database it is about; the thread is started with it. */
export interface LongWorkSettings {
  readonly path: string;
  readonly durability: 'power-loss' | 'process-crash';
  readonly readOnly: boolean;
}
