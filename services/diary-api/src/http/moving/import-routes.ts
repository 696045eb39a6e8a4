import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { importJsonl } from '../../import/jsonl/import-jsonl.ts';
import { splitLines } from '../../import/transcript/read-lines.ts';
import { keyHeadersSchema } from '../idempotency/request-headers.ts';
import { HttpProblem } from '../problem/http-problem.ts';
import { routeConfig } from '../route/route-config.ts';

const MEDIA_TYPE = 'application/x-ndjson';

const reportSchema = z.object({
  sessions: z.int(),
  entries: z.int(),
  /** How many of the entries are new. */
  added: z.int(),
  /** Sessions that this store recorded itself, and which are left as they are. */
  known: z.array(z.string()),
});

export function importRoutes(manager: SessionManager, maxBytes: number): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(MEDIA_TYPE, (_request, payload, parsed) => parsed(null, payload));
    app.post(
      '/import',
      {
        bodyLimit: maxBytes,
        config: routeConfig('write', 'INVALID_IMPORT', 'INVALID_OPTIONS', 'INVALID_ENTRY'),
        schema: {
          tags: ['moving'],
          summary: 'Take in what an export gave',
          description: `JSON Lines as ${MEDIA_TYPE}, Sessions come in as ended. Importing again adds nothing, with or without a key; after a mistake in a line, what was before it stays.`,
          consumes: [MEDIA_TYPE],
          headers: keyHeadersSchema,
          response: { 200: reportSchema },
        },
      },
      async (request) => {
        const body = request.body as AsyncIterable<Buffer> | undefined;
        if (body === undefined) {
          throw new HttpProblem('INVALID_IMPORT', `The body has to be JSON Lines, as ${MEDIA_TYPE}.`);
        }
        const tooLarge = (): HttpProblem =>
          new HttpProblem('BODY_TOO_LARGE', `The body has more than ${maxBytes} bytes.`);
        if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
        let bytes = 0;
        const lines = splitLines(body, (count) => {
          bytes += count;
          if (bytes > maxBytes) throw tooLarge();
        });
        const report = await importJsonl({ manager, path: 'the body', lines });
        return { ...report, known: [...report.known] };
      },
    );
    done();
  };
}
