export { findClient, type ClientOfProcess, type FindClientOptions } from './client/find-client.ts';
export {
  isProcGuardError,
  ProcGuardError,
  type ProcGuardErrorCode,
  type ProcGuardErrorOptions,
} from './errors/proc-guard-error.ts';
export {
  createSpawnGovernor,
  SpawnRefusedError,
  type SpawnGovernor,
  type SpawnGovernorOptions,
} from './governor/spawn-governor.ts';
export { isAlive, isExiting, type Liveness } from './identity/is-alive.ts';
export {
  formatIdentity,
  parseIdentity,
  sameIdentity,
  type ProcessIdentity,
} from './identity/process-identity.ts';
export type { ProcessReader } from './identity/process-reader.ts';
export type { ProcessStat } from './identity/process-stat.ts';
export { currentIdentity, readIdentity, type ReadIdentityOptions } from './identity/read-identity.ts';
export {
  onParentExit,
  type OnParentExitOptions,
  type ParentExit,
  type ParentExitDescription,
  type ParentExitWatch,
  type WatchedAncestor,
} from './parent-exit/on-parent-exit.ts';
export { tieToParent, type ParentTie, type TieToParentOptions } from './parent-exit/tie-to-parent.ts';
export {
  CircuitOpenError,
  createCircuitBreaker,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitState,
} from './retry/circuit-breaker.ts';
export { executeReap, type ExecuteReapOptions, type ReapOutcome } from './reap/execute-reap.ts';
export { inspectProcesses, type ProcessInspection } from './reap/inspect-processes.ts';
export {
  planReap,
  type PlanReapOptions,
  type ReapItem,
  type ReapPlan,
  type ReapRefusal,
} from './reap/plan-reap.ts';
export { createRetryBudget, type RetryBudget, type RetryBudgetOptions } from './retry/retry-budget.ts';
export { RetryError, type RetryFailure } from './retry/retry-error.ts';
export type {
  BackoffOptions,
  RetryContext,
  RetryEvent,
  RetryOptions,
  RetryStopReason,
} from './retry/retry-options.ts';
export { retryCeilings } from './retry/retry-policy.ts';
export { retry } from './retry/retry.ts';
export { createShutdown, type CreateShutdownOptions } from './shutdown/create-shutdown.ts';
export { isInShutdown } from './shutdown/shutdown-scope.ts';
export type {
  Closer,
  CloserContext,
  CloserOutcome,
  NamedCloser,
  Shutdown,
  ShutdownCause,
  ShutdownLogger,
  ShutdownPhase,
  ShutdownResult,
  ShutdownState,
} from './shutdown/shutdown.ts';
export type {
  Containment,
  GuardDescription,
  GuardedExit,
  GuardedProcess,
  SpawnGuardedOptions,
} from './spawn/guarded-process.ts';
export { spawnGuarded } from './spawn/spawn-guarded.ts';
export { createSupervisor } from './supervisor/create-supervisor.ts';
export type {
  ChildEnd,
  Supervisor,
  SupervisorEvent,
  SupervisorOptions,
  SupervisorState,
} from './supervisor/supervisor.ts';
export type { ContainmentLevel, ContainmentSupport } from './support/containment-support.ts';
export { describeSupport, type SupportDescription } from './support/describe-support.ts';
export type { FindSuspectsOptions, Suspect, SuspectReason } from './suspects/find-suspects.ts';
export type { GuardedTree, TreeState } from './trees/guarded-tree.ts';
export { processAgeMs } from './process-table/process-age.ts';
export type { ProcessRecord, ProcessTable } from './process-table/read-process-table.ts';
export type { GuardCookie } from './cookie/guard-cookie.ts';
export {
  watchProcess,
  type ProcessEnd,
  type ProcessWatch,
  type WatchDescription,
  type WatchProcessOptions,
} from './watch/watch-process.ts';
