/**
 * What each key may spend, and each address without a key: budgets that fill up again by themselves, second by second.
 */

import type { Actor } from '../../core/model/actor';
import { problem } from '../error/problem';
import { type Bucket, type Budget, createBuckets } from './bucket';
import type { Limits } from './limits';
import { REFUSED, WITHOUT_KEY } from './prices';

/** What a request cost, as its answer tells. */
export interface Cost {
  readonly requested: number; // what had to be there
  readonly actual: number; // what was kept: pages with less in them than they might have cost less
  readonly remaining: number;
  readonly capacity: number;
  readonly restoredPerSecond: number;
}

/** What one request of a key costs, added up while it is worked on. */
export interface Bill {
  /** Errors: RATE_LIMITED. */
  take(points: number): void;
  /** Takes what has been used already, even where it is not there. */
  owe(points: number): void;
  /** Gives back what was taken and not needed. */
  giveBack(points: number): void;
  readonly cost: Cost;
}

export interface Budgets {
  /** Begins the bill of a request. */
  open(actor: Actor): Bill;
  /** A caller without a valid key. Errors: RATE_LIMITED. */
  chargeAddress(address: string): void;
  /** Whether a key goes on although it owes as much as it can: nothing more of it is worth reading. */
  isBeyond(actor: Actor): boolean;
}

type Limited = Pick<Limits, 'budget' | 'budgetPerSecond' | 'addressBudget' | 'addressBudgetPerSecond' | 'addresses'>;

/** Budgets that are not the standard one, by role or by the id of a key; that of the key comes first. */
export type OwnBudgets = Readonly<Record<string, Budget>>;

const RATE = 'The budget of this key is used up for now.';
const ADDRESS = 'Too many requests without a valid key came from this address.';

/** `now` in milliseconds, of a clock that nobody sets. */
export function createBudgets(
  limits: Limited,
  own: OwnBudgets = {},
  now: () => number = () => performance.now(),
): Budgets {
  const standard: Budget = { capacity: limits.budget, perSecond: limits.budgetPerSecond };
  const keys = createBuckets(now);
  const addresses = createBuckets(now, limits.addresses);
  const ofAddress: Budget = { capacity: limits.addressBudget, perSecond: limits.addressBudgetPerSecond };
  // Ids are chosen by callers: `constructor` is one, and names no budget unless it was configured.
  const ownOf = (name: string): Budget | undefined => (Object.hasOwn(own, name) ? own[name] : undefined);
  const bucketOf = ({ id, role }: Actor): Bucket => keys.bucket(id, ownOf(id) ?? ownOf(role) ?? standard);
  return {
    open: (actor) => billOf(bucketOf(actor)),
    chargeAddress: (address) => take(addresses.bucket(networkOf(address), ofAddress), WITHOUT_KEY, ADDRESS),
    isBeyond(actor) {
      const { left, budget } = bucketOf(actor);
      return left() < -budget.perSecond / 2;
    },
  };
}

function take(bucket: Bucket, points: number, message: string): void {
  const left = bucket.left();
  if (points <= left) {
    bucket.take(points);
    return;
  }
  bucket.take(REFUSED);
  const retryAfterMs = Math.ceil(((points - bucket.left()) / bucket.budget.perSecond) * 1000);
  throw problem('RATE_LIMITED', message, { cost: points, remaining: Math.max(0, Math.floor(left)), retryAfterMs });
}

function billOf(bucket: Bucket): Bill {
  const { capacity, perSecond } = bucket.budget;
  let [requested, returned] = [0, 0];
  return {
    take(points) {
      if (points > capacity)
        throw problem('COST_EXCEEDED', `The operation costs ${points}, and the budget of this key holds ${capacity}.`, {
          cost: points,
          maximum: capacity,
        });
      take(bucket, points, RATE);
      requested += points;
    },
    owe(points) {
      bucket.take(points);
      requested += points;
    },
    giveBack(points) {
      bucket.take(-points);
      returned += points;
    },
    get cost() {
      const remaining = Math.max(0, Math.floor(bucket.left()));
      return { requested, actual: requested - returned, remaining, capacity, restoredPerSecond: perSecond };
    },
  };
}

/**
 * Whom an address stands for: in version 6 one caller has a whole network, half of the address. A connection that is
 * gone has none.
 */
export function networkOf(address: string | undefined = ''): string {
  const plain = address.replace(/^::ffff:/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}
