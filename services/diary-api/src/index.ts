export {
  type DashboardAsset,
  type DashboardAssets,
  loadDashboardAssets,
} from './dashboard/load-dashboard-assets.ts';
export { openDiaryDatabase } from './database/open-diary-database.ts';
export {
  DIARY_ERROR_CODES,
  DiaryError,
  type DiaryErrorCode,
  type DiaryErrorDetail,
  isDiaryError,
} from './errors/diary-error.ts';
export { createDiaryServer, type DiaryServer, type DiaryServerOptions } from './http/create-diary-server.ts';
export { listen } from './http/listen.ts';
export type { EntryView } from './http/entries/entry-schema.ts';
export {
  HTTP_PROBLEM_CODES,
  type ProblemCode,
  type ProblemKind,
  problemKinds,
} from './http/problem/problem-codes.ts';
export type { Problem } from './http/problem/problem-document.ts';
export type { SessionView } from './http/sessions/session-schema.ts';
export {
  importTranscripts,
  type ImportedSession,
  type ImportTranscriptsOptions,
  type TranscriptImportReport,
} from './import/transcript/import-transcripts.ts';
export type { TranscriptEntryKind } from './import/transcript/transcript-reader.ts';
export { TOKEN_SCOPES, type TokenScope } from './tokens/token-scope.ts';
export { createTokenStore, type NewToken, type Token, type TokenStore } from './tokens/token-store.ts';
