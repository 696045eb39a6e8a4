import { z } from 'zod';

import { defineTool } from './define-tool.ts';
import { noteVectors, vectorFields, viewVectors } from './document-view.ts';
import { project, tags } from './knowledge-arguments.ts';
import type { Tool } from './tool.ts';

const patterns = z.array(z.string().min(1).max(500)).max(100).optional();

export const ingestFolder: Tool = defineTool({
  name: 'ingest_folder',
  title: 'Ingest a folder',
  description:
    'Stores the files below a folder: Markdown, text, HTML, PDF, source. Reports progress; a cancelled call keeps the files that are done. Run again, it takes only what has changed.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    path: z.string().min(1).max(4096),
    include: patterns.describe('Globs. Default: every file of a known kind.'),
    exclude: patterns.describe('Globs. Hidden files, node_modules and the like are always left out.'),
    max_files: z.int().min(1).max(10_000).default(1000),
    tags,
    project,
  }),
  output: z.object({
    added: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    skipped_count: z.int(),
    skipped: z.array(z.object({ path: z.string(), code: z.string(), problem: z.string() })),
    truncated: z.boolean().describe('There are more than max_files.'),
    ...vectorFields,
  }),
  run: async (input, { knowledge, resolveProject, signal, reportProgress }) => {
    const base = await knowledge.open();
    const { vectors, skippedCount, skipped, ...counts } = await base.ingestFolder(
      {
        project: resolveProject(input.project),
        path: input.path,
        tags: input.tags,
        include: input.include,
        exclude: input.exclude,
        maxFiles: input.max_files,
      },
      { signal, onProgress: (done, total, message) => void reportProgress({ done, total, message }) },
    );
    return {
      summary: `${counts.added} added, ${counts.updated} updated, ${counts.unchanged} unchanged, ${skippedCount} passed over.${noteVectors(vectors)}`,
      output: {
        ...counts,
        skipped_count: skippedCount,
        skipped: skipped.map((each) => ({ ...each })),
        ...viewVectors(vectors),
      },
    };
  },
});
