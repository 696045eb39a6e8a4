import { ended, type RouteCase, started, UNKNOWN_ID } from './route-case.ts';

/** The cases of a route that records something: they are the same whatever it is called. */
function recording(path: string, content: object, other: object, tooLarge: object): RouteCase {
  const to = (id: string, payload: object) => ({
    method: 'POST' as const,
    url: `/api/v1/sessions/${id}/${path}`,
    headers: { 'idempotency-key': 'k' },
    payload,
  });
  return {
    success: { status: 201, request: async (diary) => to(await started(diary), content) },
    problems: {
      SESSION_NOT_FOUND: { request: () => to(UNKNOWN_ID, content) },
      SESSION_ENDED: { request: async (diary) => to(await ended(diary), content) },
      INVALID_ENTRY: { request: async (diary) => to(await started(diary), tooLarge) },
      IDEMPOTENCY_CONFLICT: {
        request: async (diary) => {
          const id = await started(diary);
          await diary.app.inject(to(id, content));
          return to(id, other);
        },
      },
    },
  };
}

function reading(path: string, query: string): RouteCase {
  return {
    success: {
      status: 200,
      request: async (diary) => ({ url: `/api/v1/sessions/${await started(diary)}/${path}?${query}` }),
    },
    problems: { SESSION_NOT_FOUND: { request: () => ({ url: `/api/v1/sessions/${UNKNOWN_ID}/${path}` }) } },
  };
}

const large = 'é'.repeat(150_000);

export const entryCases: Readonly<Record<string, RouteCase>> = {
  'GET /api/v1/sessions/:id/entries': reading('entries', 'after=0&limit=1000&type=message'),
  'POST /api/v1/sessions/:id/entries': recording(
    'entries',
    { type: 'message', text: 'one' },
    { type: 'message', text: 'two' },
    { type: 'message', text: large },
  ),
  'POST /api/v1/sessions/:id/entries/batch': recording(
    'entries/batch',
    { entries: [{ type: 'message', text: 'one' }] },
    { entries: [{ type: 'message', text: 'two' }] },
    { entries: [{ type: 'message', text: large }] },
  ),
  'GET /api/v1/sessions/:id/actions': reading('actions', 'type=edit&success=true&file=a.ts&limit=1000'),
  'POST /api/v1/sessions/:id/actions': recording(
    'actions',
    { type: 'edit', description: 'one', files: ['a.ts'], success: true, details: { lines: 3 } },
    { type: 'edit', description: 'two' },
    { type: 'edit', description: 'one', details: { large } },
  ),
  'GET /api/v1/sessions/:id/messages': reading('messages', 'role=user&file=a.ts&limit=1000'),
  'POST /api/v1/sessions/:id/messages': recording(
    'messages',
    { role: 'assistant', content: 'one', reasoning: 'because', toolsUsed: ['Bash'], context: { a: 1 } },
    { role: 'assistant', content: 'two' },
    { role: 'assistant', content: large },
  ),
};
