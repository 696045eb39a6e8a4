/** The tools as they are published, in their order. A change here is a change for every client. */
export const pinnedTools: readonly object[] = [
  {
    name: 'start_session',
    input: 'project agent user metadata',
    required: '',
    output:
      'session_id reused project agent started_at expires_at entry_count context overview warnings recommendations',
    annotations: { destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  {
    name: 'resume_session',
    input: 'session_id project',
    required: '',
    output:
      'outcome session_id previous_session_id last_actions recent_files unresolved_issues achievements next_steps warnings',
    annotations: { destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  {
    name: 'log_action',
    input: 'type session_id files_affected success details idempotency_key description',
    required: 'type description',
    output: 'session_id sequence recorded_at',
    annotations: { destructiveHint: false, openWorldHint: false },
  },
  {
    name: 'log_message',
    input: 'session_id role content idempotency_key',
    required: 'role content',
    output: 'session_id sequence recorded_at',
    annotations: { destructiveHint: false, openWorldHint: false },
  },
  {
    name: 'end_session',
    input: 'session_id note achievements open_issues next_steps save_summary',
    required: '',
    output:
      'session_id project started_at ended_at end_reason duration_ms summary persisted summary_document_id warnings',
    annotations: { openWorldHint: false },
  },
  {
    name: 'ingest_document',
    input: 'path content source title format tags project',
    required: '',
    output: 'document_id outcome chunks embeddings embeddings_problem pending_chunks',
    annotations: { destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  {
    name: 'search_documents',
    input:
      'query project all_projects tags from to limit minimum_score per_document whole_passages mode cursor',
    required: 'query',
    output: 'results next_cursor mode embeddings embeddings_problem pending_chunks',
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: 'get_project_overview',
    input: 'project',
    required: '',
    output:
      'project activity_level sessions_this_week entries_this_week active_sessions last_activity_at recent_actions recent_files unresolved_issues documents warnings recommendations',
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: 'get_session_context',
    input: 'session_id limit cursor include_history',
    required: '',
    output:
      'session recent_actions recent_files unresolved_issues achievements next_steps entries next_cursor history',
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: 'list_sessions',
    input: 'project agent state limit cursor',
    required: '',
    output: 'sessions next_cursor',
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: 'cleanup_zombie_sessions',
    input: 'dry_run idle_minutes project',
    required: '',
    output: 'dry_run found ended sessions omitted',
    annotations: { idempotentHint: true, openWorldHint: false },
  },
  {
    name: 'get_document',
    input: 'document_id start max_characters',
    required: 'document_id',
    output: 'document_id title project source tags format characters ingested_at start text next_start',
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: 'ingest_folder',
    input: 'path include exclude max_files tags project',
    required: 'path',
    output:
      'added updated unchanged skipped_count skipped truncated embeddings embeddings_problem pending_chunks',
    annotations: { destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  {
    name: 'find_similar_documents',
    input: 'document_id threshold limit include_content project all_projects tags from to',
    required: 'document_id',
    output: 'results mode embeddings embeddings_problem pending_chunks',
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: 'forget_document',
    input: 'document_id source project',
    required: '',
    output: 'document_id title chunks facts entities',
    annotations: { openWorldHint: false },
  },
  {
    name: 'query_knowledge_graph',
    input: 'query entity entity_types depth limit project',
    required: '',
    output: 'entities relations truncated',
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: 'add_facts',
    input: 'entities facts project',
    required: '',
    output: 'entities_added facts_added facts_known',
    annotations: { destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
];
