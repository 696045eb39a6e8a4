import { KnowledgeError } from '../errors/knowledge-error.ts';
import type { Knowledge } from './knowledge.ts';

/** Opens it; when the signal aborts, what has been set up so far is released and the signal's reason thrown. */
export type OpenKnowledge = (signal: AbortSignal) => Promise<Knowledge>;

/** Opens the knowledge base when it is first needed. */
export interface LazyKnowledge {
  /**
   * The open knowledge base. Calls share one attempt; after a failure the next call tries again.
   *
   * @throws KnowledgeError `SHUTTING_DOWN` once it is being closed
   */
  open(): Promise<Knowledge>;
  /** Closes it when it was opened, gives up what is being opened, and opens nothing. */
  close(): Promise<void>;
}

export function createLazyKnowledge(openKnowledge: OpenKnowledge): LazyKnowledge {
  const ending = new AbortController();
  let opening: Promise<Knowledge> | undefined;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    ending.abort(new KnowledgeError('SHUTTING_DOWN', 'The server is shutting down.'));
    const opened = await opening?.catch(() => undefined);
    await opened?.close();
  };
  return {
    open: () => {
      if (ending.signal.aborted) return Promise.reject(ending.signal.reason as KnowledgeError);
      if (opening !== undefined) return opening;
      const attempt = openKnowledge(ending.signal);
      opening = attempt;
      attempt.catch(() => {
        if (opening === attempt) opening = undefined;
      });
      return attempt;
    },
    close: () => (closing ??= close()),
  };
}
