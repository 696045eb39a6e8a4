import type { Knowledge } from './knowledge.ts';

/** Opens the knowledge base when it is first needed. */
export interface LazyKnowledge {
  /** The open knowledge base. Calls share one attempt; after a failure the next call tries again. */
  open(): Promise<Knowledge>;
  /** Closes it when it was opened; opens nothing. */
  close(): Promise<void>;
}

export function createLazyKnowledge(openKnowledge: () => Promise<Knowledge>): LazyKnowledge {
  let opening: Promise<Knowledge> | undefined;
  return {
    open: () => {
      if (opening !== undefined) return opening;
      const attempt = openKnowledge();
      opening = attempt;
      attempt.catch(() => {
        if (opening === attempt) opening = undefined;
      });
      return attempt;
    },
    close: async () => {
      const opened = await opening?.catch(() => undefined);
      await opened?.close();
    },
  };
}
