/** Budgets of roles and keys as they are configured: `FEED=1000000/100000, broker-1=400000/40000`. */

import { ROLES } from '../access/policy';
import type { OwnBudgets } from './budget';

/** What a feed and a venue send is prices and trades in lists, and everybody waits for those. */
export const STANDARD_BUDGETS: OwnBudgets = { FEED: { capacity: 1_000_000, perSecond: 100_000 } };

const ROW = /^([^\s=,]{1,64})=(\d{1,12})\/(\d{1,12})$/;
/** Less would not do for a single request. */
const LEAST = 1_000;

/**
 * `<role or key>=<points it holds>/<points that come back in a second>`, with commas between; nothing where it is not
 * that.
 */
export function readBudgets(text: string): OwnBudgets | undefined {
  const budgets = new Map(Object.entries(STANDARD_BUDGETS));
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '') continue;
    const [, name, capacity, perSecond] = ROW.exec(part) ?? [];
    if (name === undefined || Number(capacity) < LEAST || Number(perSecond) < 1) return undefined;
    // A role in small letters is the name of a key that nobody has: a slip of the hand.
    if (ROLES.some((role) => role !== name && role === name.toUpperCase())) return undefined;
    budgets.set(name, { capacity: Number(capacity), perSecond: Number(perSecond) });
  }
  return Object.fromEntries(budgets);
}

export const showBudgets = (budgets: OwnBudgets): string =>
  Object.entries(budgets)
    .map(([name, { capacity, perSecond }]) => `${name}=${capacity}/${perSecond}`)
    .join(',');
