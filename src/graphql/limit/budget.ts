/** What each key may spend: a budget that fills up again by itself, second by second. */

import { problem } from '../error/problem';
import type { Limits } from './limits';

export interface Spent {
  readonly requested: number;
  readonly remaining: number;
  readonly capacity: number;
  readonly restoredPerSecond: number;
}

export interface Budgets {
  /** Takes the cost of an operation from the budget of a key. Errors: COST_EXCEEDED, RATE_LIMITED. */
  spend(key: string, cost: number, now: number): Spent;
}

/** Keys that have not spent anything for so long are forgotten: their budgets are full. */
const SWEEP_MS = 60_000;

export function createBudgets({
  operationCost,
  budget,
  budgetPerSecond,
}: Pick<Limits, 'operationCost' | 'budget' | 'budgetPerSecond'>): Budgets {
  const accounts = new Map<string, { left: number; at: number }>();
  let swept = 0;
  const leftOf = (key: string, now: number): number => {
    const account = accounts.get(key);
    return account ? Math.min(budget, account.left + ((now - account.at) * budgetPerSecond) / 1000) : budget;
  };
  const sweep = (now: number): void => {
    if (now - swept < SWEEP_MS) return;
    swept = now;
    for (const key of accounts.keys()) if (leftOf(key, now) >= budget) accounts.delete(key);
  };
  return {
    spend(key, cost, now) {
      if (cost > operationCost)
        throw problem('COST_EXCEEDED', `The operation costs ${cost}, more than ${operationCost}.`, { cost, maximum: operationCost });
      sweep(now);
      const left = leftOf(key, now);
      if (cost > left) {
        const retryAfterMs = Math.ceil(((cost - left) / budgetPerSecond) * 1000);
        throw problem('RATE_LIMITED', 'The budget of this key is used up for now.', { cost, remaining: Math.floor(left), retryAfterMs });
      }
      accounts.set(key, { left: left - cost, at: now });
      return { requested: cost, remaining: Math.floor(left - cost), capacity: budget, restoredPerSecond: budgetPerSecond };
    },
  };
}
