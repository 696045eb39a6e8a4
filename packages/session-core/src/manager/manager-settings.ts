import { hostname } from 'node:os';

import { formatIdentity, type ProcessIdentity } from '@endwell/proc-guard';

import { checkOptions } from '../errors/check-options.ts';
import { SessionError } from '../errors/session-error.ts';
import type { Surroundings } from '../owner/surroundings.ts';
import type { EntrySchemas, MetadataSchema } from '../session/session-types.ts';
import type { StartLimits } from '../store/start-limits.ts';
import type { SessionDefaults } from './build-session.ts';
import { managerSchema } from './option-schemas.ts';
import type { RetentionOptions } from './retention.ts';
import type { SessionManagerOptions } from './session-manager.ts';

export interface ManagerSettings {
  /** Shown in logs. */
  readonly name: string;
  readonly defaults: SessionDefaults;
  readonly limits: StartLimits;
  readonly maxEndsPerSecond: number;
  /** Whether it stands guard over the sessions of others from the moment it opens. */
  readonly guard: boolean;
  readonly retention: RetentionOptions;
}

/** @throws SessionError `INVALID_OPTIONS` */
export function readSettings(
  surroundings: Surroundings,
  options: SessionManagerOptions<MetadataSchema, EntrySchemas>,
): ManagerSettings {
  const { name, idleTtlMs, maxLifetimeMs, quotas, startRate, guard, maxEndsPerSecond, retention } =
    checkOptions(managerSchema, options);
  const self = surroundings.self();
  return {
    name: name ?? options.store.name,
    defaults: {
      owner: options.owner === undefined ? defaultOwner(surroundings) : options.owner,
      idleTtlMs,
      maxLifetimeMs,
      host: hostname(),
      createSessionId: surroundings.createSessionId,
    },
    limits: {
      ...quotas,
      startsPerSecond: startRate.perSecond,
      startBurst: startRate.burst,
      // Without a guardian nobody would hear that a sign is asked for.
      managedOwner: guard && self !== undefined ? formatIdentity(self) : null,
    },
    maxEndsPerSecond,
    guard,
    retention,
  };
}

function defaultOwner(surroundings: Surroundings): ProcessIdentity {
  const self = surroundings.self();
  if (self !== undefined) return self;
  const message = 'owner: this process cannot be identified here; give an owner, or null for none';
  throw new SessionError('INVALID_OPTIONS', message, { path: 'owner' });
}
