/** How much one caller may ask for at once. Each limit is one that honest use does not come near. */

import type { StreamLimits } from '../reading/context';
import { CONNECTION_LIMITS, type ConnectionLimits } from './connectionLimits';

export interface Limits extends StreamLimits, ConnectionLimits {
  readonly depth: number; // of selections; of introspection see below
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly repeats: number; // fields asked for again in the same selection
  readonly directives: number;
  readonly tokens: number;
  readonly rootFields: number;
  readonly bodyBytes: number;
  readonly bulkBodyBytes: number; // of operations with a list-valued mutation
  readonly executionMs: number;
  readonly operationCost: number; // of one operation
  readonly budget: number; // of one key
  readonly budgetPerSecond: number; // what comes back of it
  readonly addressBudget: number; // of one address, for requests without a valid key
  readonly addressBudgetPerSecond: number;
  readonly addresses: number; // that have a budget of their own at a time; all others share one
  readonly operationsPerKey: number; // over HTTP, at the same time
  readonly waitingPerKey: number; // that wait for one of those to end
  readonly readingsPerKey: number; // that read the database at the same time
  readonly operationsPerSocket: number;
  readonly frameBytes: number;
  readonly initMs: number; // from the opening of a socket to connection_init
  readonly pingMs: number;
}

export const STANDARD_LIMITS: Limits = {
  ...CONNECTION_LIMITS,
  depth: 12,
  introspectionDepth: 15,
  aliases: 60,
  repeats: 60,
  directives: 10,
  tokens: 4_000,
  rootFields: 30,
  bodyBytes: 100_000,
  bulkBodyBytes: 1_000_000,
  executionMs: 5_000,
  operationCost: 20_000,
  budget: 200_000,
  budgetPerSecond: 20_000,
  addressBudget: 10_000,
  addressBudgetPerSecond: 1_000,
  addresses: 10_000,
  operationsPerKey: 16,
  waitingPerKey: 200,
  readingsPerKey: 2,
  operationsPerSocket: 20,
  frameBytes: 65_536,
  initMs: 3_000,
  pingMs: 12_000,
  heartbeatMs: 10_000,
  resumeEntries: 1_000_000,
  lagEntries: 100_000,
  healthIntervalMs: 100,
};
