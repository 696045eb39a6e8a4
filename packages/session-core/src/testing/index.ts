export type { CreateFixture, StoreFixture, TestRunner } from './contract/contract-context.ts';
export { simulate } from './simulator/simulate.ts';
export type { SimulateOptions } from './simulator/simulate.ts';
export type { SimulationReport } from './simulator/simulation-report.ts';
export { fakeClock } from './fake-clock.ts';
export type { FakeClock } from './fake-clock.ts';
export { storeContract } from './store-contract.ts';
