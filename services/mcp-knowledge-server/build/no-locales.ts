/** Stands in for zod's list of languages; English is loaded by itself. */
export const noLocales = undefined;
