interface ServerSentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: unknown;
}

/** Server-sent events of a response, one by one; comments are counted. */
export interface EventReader extends AsyncDisposable {
  /** The next event with this name; others before it are dropped. */
  next(name: string): Promise<ServerSentEvent>;
  readonly comments: () => number;
  /** Resolves when the server has ended the stream. */
  end(): Promise<void>;
}

export async function readEvents(
  url: string | URL,
  headers: Record<string, string> = {},
): Promise<EventReader> {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  if (response.body === null || response.status !== 200) throw new Error(`no stream: ${response.status}`);
  const chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let buffer = '';
  let comments = 0;
  const frame = async (): Promise<string | undefined> => {
    for (;;) {
      const at = buffer.indexOf('\n\n');
      if (at >= 0) {
        const text = buffer.slice(0, at);
        buffer = buffer.slice(at + 2);
        return text;
      }
      const chunk = await chunks.next();
      if (chunk.done === true) return undefined;
      buffer += chunk.value;
    }
  };
  const nextEvent = async (): Promise<ServerSentEvent | undefined> => {
    for (;;) {
      const text = await frame();
      if (text === undefined) return undefined;
      const fields = new Map(
        text.split('\n').map((line) => line.split(/: ?(.*)/s).slice(0, 2) as [string, string]),
      );
      const event = fields.get('event');
      if (event !== undefined)
        return { id: fields.get('id'), event, data: JSON.parse(fields.get('data') ?? 'null') };
      comments += 1;
    }
  };
  return {
    next: async (name) => {
      for (;;) {
        const event = await nextEvent();
        if (event === undefined) throw new Error(`the stream ended before ${name}`);
        if (event.event === name) return event;
      }
    },
    comments: () => comments,
    end: async () => {
      while ((await nextEvent()) !== undefined);
    },
    [Symbol.asyncDispose]: async () => controller.abort(),
  };
}
