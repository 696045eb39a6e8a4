export interface CallSample {
  readonly tool: string;
  readonly valid: Readonly<Record<string, unknown>>;
  /** Refused, with the code. */
  readonly invalid: Readonly<Record<string, unknown>>;
  readonly code: string;
}

export interface SampleContext {
  /** An active session; the last sample ends it. */
  readonly sessionId: string;
  /** A folder that may be read, with `notes.md` in it. */
  readonly folder: string;
  /** What an earlier call has answered. */
  readonly documentId: () => string;
}

const wrong = 'INVALID_TOOL_ARGUMENTS';
const project = 'inspected';

/** A call of each tool that works and one that does not, in an order in which each has what it needs. */
export function callSamples({ sessionId, folder, documentId }: SampleContext): readonly (() => CallSample)[] {
  const session = { session_id: sessionId };
  return [
    () => ({
      tool: 'start_session',
      valid: { project, agent: 'inspector', metadata: { branch: 'main' } },
      invalid: { project: 1 },
      code: wrong,
    }),
    () => ({
      tool: 'resume_session',
      valid: { project },
      invalid: { session_id: 'ses_unknown' },
      code: 'SESSION_NOT_FOUND',
    }),
    () => ({
      tool: 'log_action',
      valid: { ...session, type: 'edit', description: 'Changed a file', files_affected: ['a b.ts'] },
      invalid: { ...session, type: 'edit' },
      code: wrong,
    }),
    () => ({
      tool: 'log_message',
      valid: { ...session, role: 'assistant', content: 'It is done.' },
      invalid: { ...session, role: 'robot', content: 'It is done.' },
      code: wrong,
    }),
    () => ({
      tool: 'ingest_document',
      valid: { path: `${folder}/notes.md`, tags: ['birds'], project },
      invalid: { path: '/etc/hostname', project },
      code: 'PATH_NOT_ALLOWED',
    }),
    () => ({
      tool: 'search_documents',
      valid: { query: 'wren', project },
      invalid: { query: 'wren', limit: 0 },
      code: wrong,
    }),
    () => ({
      tool: 'get_project_overview',
      valid: { project },
      invalid: { project: 1 },
      code: wrong,
    }),
    () => ({
      tool: 'get_session_context',
      valid: { ...session, limit: 1 },
      invalid: { ...session, limit: 101 },
      code: wrong,
    }),
    () => ({
      tool: 'list_sessions',
      valid: { state: 'active', limit: 2 },
      invalid: { state: 'asleep' },
      code: wrong,
    }),
    () => ({
      tool: 'cleanup_zombie_sessions',
      valid: { dry_run: true },
      invalid: { idle_minutes: -1 },
      code: wrong,
    }),
    () => ({
      tool: 'get_document',
      valid: { document_id: documentId(), max_characters: 10 },
      invalid: { document_id: 'doc_unknown' },
      code: 'DOCUMENT_NOT_FOUND',
    }),
    () => ({
      tool: 'ingest_folder',
      valid: { path: folder, include: ['*.md'], project },
      invalid: { path: `${folder}/none`, project },
      code: 'FILE_UNREADABLE',
    }),
    () => ({
      tool: 'find_similar_documents',
      valid: { document_id: documentId(), threshold: 0, project },
      invalid: { document_id: documentId(), threshold: 2, project },
      code: wrong,
    }),
    () => ({
      tool: 'query_knowledge_graph',
      valid: { query: 'wren', project },
      invalid: { query: 'wren', depth: 9, project },
      code: wrong,
    }),
    () => ({
      tool: 'add_facts',
      valid: {
        entities: [{ name: 'wren', type: 'bird' }],
        facts: [
          {
            subject: 'wren',
            relation: 'does',
            object: 'song',
            document_id: documentId(),
            quote: 'A wren sings',
          },
        ],
        project,
      },
      invalid: {
        facts: [
          {
            subject: 'wren',
            relation: 'does',
            object: 'song',
            document_id: documentId(),
            quote: 'A wren swims',
          },
        ],
        project,
      },
      code: 'QUOTE_NOT_FOUND',
    }),
    () => ({
      tool: 'forget_document',
      valid: { document_id: documentId() },
      invalid: { document_id: 'doc_unknown' },
      code: 'DOCUMENT_NOT_FOUND',
    }),
    () => ({
      tool: 'end_session',
      valid: { ...session, note: 'Inspected' },
      invalid: { ...session, note: 1 },
      code: wrong,
    }),
  ];
}
