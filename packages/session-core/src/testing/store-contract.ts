import { cleanupContract } from './contract/cleanup-contract.ts';
import { clockContract } from './contract/clock-contract.ts';
import type { CreateFixture, TestRunner } from './contract/contract-context.ts';
import { endContract } from './contract/end-contract.ts';
import { externalIdContract } from './contract/external-id-contract.ts';
import { leaseContract } from './contract/lease-contract.ts';
import { limitContract } from './contract/limit-contract.ts';
import { liveRecordContract } from './contract/live-record-contract.ts';
import { journalContract } from './contract/journal-contract.ts';
import { overviewContract } from './contract/overview-contract.ts';
import { ownerContract } from './contract/owner-contract.ts';
import { purgeContract } from './contract/purge-contract.ts';
import { readingContract } from './contract/reading-contract.ts';
import { redactionContract } from './contract/redaction-contract.ts';
import { retentionContract } from './contract/retention-contract.ts';
import { searchContract } from './contract/search-contract.ts';

/**
 * What every store must do, as tests for any runner: `storeContract({ describe, it }, 'my store',
 * createFixture)`. The tests drive the shipped manager over the store, with real processes as owners.
 */
export function storeContract(runner: TestRunner, name: string, createFixture: CreateFixture): void {
  runner.describe(`${name} keeps the promises`, () => {
    endContract(runner, createFixture);
    journalContract(runner, createFixture);
    externalIdContract(runner, createFixture);
    liveRecordContract(runner, createFixture);
    cleanupContract(runner, createFixture);
    clockContract(runner, createFixture);
    limitContract(runner, createFixture);
    readingContract(runner, createFixture);
    retentionContract(runner, createFixture);
    redactionContract(runner, createFixture);
    overviewContract(runner, createFixture);
    purgeContract(runner, createFixture);
    searchContract(runner, createFixture);
    leaseContract(runner, createFixture);
    ownerContract(runner, createFixture);
  });
}
