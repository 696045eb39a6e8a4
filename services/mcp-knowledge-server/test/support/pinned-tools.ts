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
];
