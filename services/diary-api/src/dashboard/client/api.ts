import type { EntryView } from '../../http/entries/entry-schema.ts';
import type { Problem } from '../../http/problem/problem-document.ts';
import type { ProcessReport, ReapAnswer } from '../../http/processes/process-schema.ts';
import type { SearchPage } from '../../http/search/search-routes.ts';
import type { SessionView } from '../../http/sessions/session-schema.ts';
import type { Statistics } from '../../http/stats/statistics-routes.ts';
import type { Stats } from '../../http/stats/stats-routes.ts';
import type { Usage } from '../../http/usage/usage-routes.ts';

export type { EntryView, ProcessReport, SessionView, Statistics, Stats, Usage };

export type SearchHit = SearchPage['hits'][number];

export interface SessionPage {
  readonly sessions: SessionView[];
  readonly nextCursor: string | null;
}

export interface EntryPage {
  readonly entries: EntryView[];
  readonly nextAfter: number | null;
}

/** The server's answer was a problem document. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

type Query = Readonly<Record<string, string | number | null | undefined>>;

function pathWith(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value != null) parameters.set(name, String(value));
  return `/api/v1${path}${parameters.size === 0 ? '' : `?${parameters.toString()}`}`;
}

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  throw new ApiError(
    problem?.code ?? 'UNKNOWN',
    problem?.detail ?? `The server answered ${response.status}.`,
  );
}

async function get<Answer>(path: string, query: Query = {}): Promise<Answer> {
  return (await (await ask('GET', pathWith(path, query))).json()) as Answer;
}

async function post<Answer>(path: string, body: unknown): Promise<Answer> {
  return (await (await ask('POST', pathWith(path), body)).json()) as Answer;
}

const session = (id: string): string => `/sessions/${encodeURIComponent(id)}`;

export const api = {
  stats: (): Promise<Stats> => get('/stats'),
  sessions: (state: 'active' | 'ended', limit: number, cursor: string | null = null): Promise<SessionPage> =>
    get('/sessions', { state, limit, cursor }),
  session: (id: string): Promise<SessionView> => get(session(id)),
  children: async (id: string): Promise<SessionView[]> =>
    (await get<{ sessions: SessionView[] }>(`${session(id)}/children`)).sessions,
  byExternalId: async (source: string, externalId: string): Promise<SessionView[]> =>
    (await get<SessionPage>('/sessions', { source, externalId, limit: 500 })).sessions,
  entries: (id: string, after: number, limit: number): Promise<EntryPage> =>
    get(`${session(id)}/entries`, { after, limit }),
  exportPath: (id: string, format: 'jsonl' | 'markdown'): string =>
    pathWith('/export', { sessionId: id, format }),
  forgetSession: async (id: string, endActive: boolean): Promise<void> => {
    await ask('DELETE', pathWith(session(id), { confirm: id, endActive: String(endActive) }));
  },
  forgetEntry: async (id: string, sequence: number): Promise<void> => {
    await ask('DELETE', pathWith(`${session(id)}/entries/${sequence}`, { confirm: sequence }));
  },
  search: (query: Query): Promise<SearchPage> => get('/search', query),
  statistics: (period: Query): Promise<Statistics> => get('/statistics', period),
  usage: (by: 'day' | 'project' | 'model', query: Query): Promise<Usage> => get('/usage', { by, ...query }),
  processes: (): Promise<ProcessReport> => get('/processes'),
  /** What would be ended; ends nothing. */
  previewReap: (pids?: readonly number[]): Promise<ReapAnswer> =>
    post('/processes/reap', pids === undefined ? {} : { pids }),
  /** Ends what the preview showed. */
  reap: (pids: readonly number[] | undefined, planId: string): Promise<ReapAnswer> =>
    post('/processes/reap', { confirm: planId, ...(pids === undefined ? {} : { pids }) }),
};
