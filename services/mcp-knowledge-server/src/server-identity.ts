/** What a client learns from `initialize`, which is answered before the rest of the program is loaded. */
export const serverName = 'mcp-knowledge-server';

export const serverTitle = 'Endwell knowledge server';

export const instructions =
  'Call start_session when work begins, log_action for what matters, end_session when it is done. A session that is not ended ends with you, with its reason.';

/** What a server offers never changes while it runs. */
export const capabilities = {
  tools: { listChanged: false },
  resources: { listChanged: false },
  prompts: { listChanged: false },
} as const;
