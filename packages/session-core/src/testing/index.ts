export type { CreateFixture, StoreFixture, TestRunner } from './contract/contract-context.ts';
export { fakeClock } from './fake-clock.ts';
export type { FakeClock } from './fake-clock.ts';
export { storeContract } from './store-contract.ts';
