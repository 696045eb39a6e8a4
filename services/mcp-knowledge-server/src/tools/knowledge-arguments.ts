import { z } from 'zod';

import type { ResolveProject } from '../sessions/resolve-project.ts';

/** Default: that of the working directory, as everywhere; none over HTTP. */
export const project: z.ZodOptional<z.ZodString> = z.string().min(1).max(1000).optional();

const tag: z.ZodString = z.string().min(1).max(100);

export const tags: z.ZodDefault<z.ZodArray<z.ZodString>> = z.array(tag).max(50).default([]);

export const documentId: z.ZodString = z.string().min(1).max(100);

/** `next_cursor` of the answer before. */
export const cursor: z.ZodOptional<z.ZodString> = z.string().max(500).optional();

/** The filters that search_documents and find_similar_documents share: all tags, ingested from … before to. */
export const filters = {
  project,
  all_projects: z.boolean().default(false),
  tags,
  from: z.iso.datetime({ offset: true }).meta({ pattern: undefined }).optional(),
  to: z.iso.datetime({ offset: true }).meta({ pattern: undefined }).optional(),
};

interface FilterArguments {
  readonly project?: string | undefined;
  readonly all_projects: boolean;
  readonly tags: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function toFilter(
  given: FilterArguments,
  resolveProject: ResolveProject,
): {
  readonly project: string | undefined;
  readonly tags: readonly string[];
  readonly ingestedFrom: number | undefined;
  readonly ingestedTo: number | undefined;
} {
  return {
    project: given.all_projects ? undefined : resolveProject(given.project),
    tags: given.tags,
    ingestedFrom: given.from === undefined ? undefined : Date.parse(given.from),
    ingestedTo: given.to === undefined ? undefined : Date.parse(given.to),
  };
}
