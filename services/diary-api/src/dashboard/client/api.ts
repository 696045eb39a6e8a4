import type { EntryView } from '../../http/entries/entry-schema.ts';
import type { Problem } from '../../http/problem/problem-document.ts';
import type { SessionView } from '../../http/sessions/session-schema.ts';
import type { Stats } from '../../http/stats/stats-routes.ts';

export type { EntryView, SessionView, Stats };

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

async function get<Answer>(
  path: string,
  query: Readonly<Record<string, string | null>> = {},
): Promise<Answer> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null) parameters.set(name, value);
  const search = parameters.size === 0 ? '' : `?${parameters.toString()}`;
  const response = await fetch(`/api/v1${path}${search}`, { headers: { accept: 'application/json' } });
  if (!response.ok) {
    const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
    throw new ApiError(
      problem?.code ?? 'UNKNOWN',
      problem?.detail ?? `The server answered ${response.status}.`,
    );
  }
  return (await response.json()) as Answer;
}

export const api = {
  stats: (): Promise<Stats> => get('/stats'),
  sessions: (state: 'active' | 'ended', limit: number, cursor: string | null = null): Promise<SessionPage> =>
    get('/sessions', { state, limit: String(limit), cursor }),
  session: (id: string): Promise<SessionView> => get(`/sessions/${encodeURIComponent(id)}`),
  children: async (id: string): Promise<SessionView[]> =>
    (await get<{ sessions: SessionView[] }>(`/sessions/${encodeURIComponent(id)}/children`)).sessions,
  byExternalId: async (source: string, externalId: string): Promise<SessionView[]> =>
    (await get<SessionPage>('/sessions', { source, externalId })).sessions,
  entries: (id: string, after: number, limit: number): Promise<EntryPage> =>
    get(`/sessions/${encodeURIComponent(id)}/entries`, { after: String(after), limit: String(limit) }),
};
