import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** A transcript that grows while a test runs, in the form of Claude Code's. */
export interface LiveTranscript {
  readonly path: string;
  readonly sessionId: string;
  /** Adds a prompt, and returns its text. */
  prompt(text: string): string;
  /** Adds an answer with a tool call and the tool's result. */
  tool(command: string, result: string): void;
  /** Adds a line of a sub-agent, in the way of older versions or in the way of progress lines. */
  subAgent(agentId: string, text: string): void;
  /** Adds the first half of a line, as when the writer is interrupted. */
  torn(): void;
}

export function liveTranscript(path: string, sessionId: string, cwd: string): LiveTranscript {
  mkdirSync(dirname(path), { recursive: true });
  let count = 0;
  const add = (line: object, uuid = `${sessionId}-${String((count += 1)).padStart(4, '0')}`): void => {
    const common = {
      sessionId,
      cwd,
      version: '2.1.38',
      gitBranch: 'main',
      uuid,
      timestamp: new Date().toISOString(),
    };
    appendFileSync(path, `${JSON.stringify({ ...common, ...line })}\n`);
  };
  return {
    path,
    sessionId,
    prompt: (text) => {
      add({ type: 'user', isSidechain: false, message: { role: 'user', content: text } });
      return text;
    },
    tool: (command, result) => {
      const id = `toolu_${count}`;
      const content = [{ type: 'tool_use', id, name: 'Bash', input: { command } }];
      const usage = { input_tokens: 3, output_tokens: 7 };
      add({
        type: 'assistant',
        message: { role: 'assistant', id: `msg_${count}`, model: 'model-1', content, usage },
      });
      add({
        type: 'user',
        message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: result }] },
      });
    },
    subAgent: (agentId, text) => {
      const message = {
        type: 'user',
        uuid: `${sessionId}-${agentId}-${(count += 1)}`,
        message: { role: 'user', content: text },
      };
      add({ type: 'progress', data: { type: 'agent_progress', agentId, message } });
    },
    torn: () =>
      appendFileSync(path, `{"type":"user","sessionId":"${sessionId}","uuid":"torn","message":{"role":"us`),
  };
}
