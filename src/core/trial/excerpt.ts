/**
 * The part of the house on which a question is tried out: a copy of everything that is small, and of so many accounts
 * at most. Who is asked about comes first, with everybody of the same owner, then the house's own accounts and those
 * about which something is under way; of a small house it is everybody.  Rule: RMR-4
 */

import { type Cash, type Count, minus, type Size } from '../../units/quantity';
import { exposureKey, exposureOf } from '../book/exposure';
import { reject } from '../message/rejection';
import type { AccountId } from '../model/account';
import { PART_NAMES, type View } from '../model/state';
import { accountFor, cappedCloseOutIdOf, closeOutIdOf } from '../reference/accounts';
import type { AccountRow, Answerable, Asked, Parts, WhatIf } from './question';

/** Accounts that are copied at most: what that takes is what a command waits for it. */
export const MOST_COPIED: Count = 1_000;

/** Errors: ACCOUNT_NOT_FOUND, also of a counterparty: a foreign account is as one that is not there. */
export function excerptOf(view: View, { question, actor }: Asked): Answerable {
  const asOf = { seq: view.seq, at: view.now };
  const parties = partiesOf(question);
  const missing = parties.find((id) => !accountFor(view, actor, id));
  if (missing !== undefined) return { ...asOf, rejection: reject('ACCOUNT_NOT_FOUND', { account: missing }) };
  const { ids, whole } = chosen(view, parties);
  return {
    ...asOf,
    excerpt: {
      ...asOf,
      rules: view.rules,
      parts: partsOf(view, ids, whole),
      clock: view.clock,
      retention: view.retention,
      accounts: [...ids].map((id) => rowOf(view, id)),
      longElsewhere: new Map(whole ? [] : longElsewhere(view, ids, question)),
      ownersElsewhere: new Map(whole ? [] : ownersElsewhere(view, ids, parties, question)),
      collateralElsewhere: new Map(whole ? [] : collateralElsewhere(view, ids)),
      truncated: !whole && (movesPrices(question) || ids.size === MOST_COPIED),
    },
  };
}

function partiesOf({ account, trades = [] }: WhatIf): AccountId[] {
  return [account, ...trades.flatMap(({ counterparty }) => counterparty ?? [])];
}

/** Whether others than the parties may be called, liquidated or asked to bear by what is supposed. */
const movesPrices = ({ prices = [], shock = null, tiers = [] }: WhatIf): boolean =>
  prices.length > 0 || shock !== null || tiers.length > 0;

function chosen(view: View, parties: readonly AccountId[]): { ids: Set<AccountId>; whole: boolean } {
  if (view.book.accountCount <= MOST_COPIED) return { ids: new Set(view.book.accountIds()), whole: true };
  const ids = new Set<AccountId>();
  for (const id of inOrder(view, parties)) {
    if (ids.size === MOST_COPIED) break;
    if (view.book.account(id)) ids.add(id);
  }
  return { ids, whole: false };
}

function* inOrder(view: View, parties: readonly AccountId[]): Generator<AccountId> {
  yield* parties;
  for (const currency of view.currencies.keys()) yield closeOutIdOf(currency);
  for (const { currency, instrument } of view.deleveragingPolicies.values())
    if (instrument) yield cappedCloseOutIdOf(currency, instrument);
  for (const party of parties) yield* view.book.accountsOf(view.book.account(party)?.owner ?? '');
  yield* busyAccounts(view);
}

/**
 * Accounts about which something is under way: what is open of them holds withdrawals back and takes room on ladders.
 */
function* busyAccounts(view: View): Generator<AccountId> {
  for (const { books } of view.memberDefaults.values()) for (const { account, own } of books) yield* [account, own];
  yield* view.portfolioOf.keys();
  yield* view.auctionsOf.keys();
  yield* view.liquidationOf.keys();
  yield* view.backlog;
  for (const { account } of view.lossCases.values()) yield account;
}

const rowOf = ({ book }: View, id: AccountId): AccountRow => ({
  account: book.account(id) as AccountRow['account'],
  state: book.stateOf(id),
  balances: [...book.balances(id)],
  positions: [...book.positions(id)],
});

/**
 * Parts that a question never asks for: who may act, what was done, what is announced, what is counted in the
 * background.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'apiKeys',
  'revokedKeys',
  'proposals',
  'changeCounts',
  'calledByChanges',
  'scheduledChanges',
  'notices',
  'endedCharges',
  'coverageRuns',
]);

/** Parts that are found by account: of a large house only what concerns those copied. */
function partsOf(view: View, ids: ReadonlySet<AccountId>, whole: boolean): Parts {
  const parts: Record<string, unknown> = { backlog: new Set([...view.backlog].filter((id) => ids.has(id))) };
  for (const part of [...PART_NAMES, 'callOf', 'liquidationOf'] as const) {
    const held: ReadonlyMap<string, unknown> = LEFT_OUT.has(part) ? new Map() : view[part];
    parts[part] =
      whole || !(part in BY_ACCOUNT)
        ? new Map(held)
        : found(view, held, BY_ACCOUNT[part as keyof typeof BY_ACCOUNT], ids);
  }
  return parts as unknown as Parts;
}

type KeysOf = (view: View, account: AccountId) => Iterable<string>;

const one = (id: string | undefined): string[] => (id === undefined ? [] : [id]);
const ofLiquidation: KeysOf = (view, account) => one(view.liquidationOf.get(account));

const BY_ACCOUNT = {
  orders: (view, account) => view.ordersOf.get(account) ?? [],
  calls: (view, account) => one(view.callOf.get(account)),
  liquidations: ofLiquidation,
  liquidationOrders: (view, account) => view.liquidationOrdersOf.get(account) ?? [],
  claims: (view, account) => view.liquidationOrdersOf.get(account) ?? [],
  heldRewards: ofLiquidation,
  runningCharges: ofLiquidation,
  auctions: (view, account) => view.auctionsOf.get(account) ?? [],
  portfolios: (view, account) => one(view.portfolioOf.get(account)),
  callOf: (_view, account) => [account],
  liquidationOf: (_view, account) => [account],
  liquidators: (_view, account) => [account],
  backstopEntries: (_view, account) => [account],
} as const satisfies Partial<Record<keyof Parts, KeysOf>>;

function found(
  view: View,
  held: ReadonlyMap<string, unknown>,
  keysOf: KeysOf,
  ids: ReadonlySet<AccountId>,
): Map<string, unknown> {
  const made = new Map<string, unknown>();
  for (const id of ids) {
    for (const key of keysOf(view, id)) {
      const value = held.get(key);
      if (value !== undefined) made.set(key, value);
    }
  }
  return made;
}

/** Lots held long by accounts that are left out, of instruments whose open interest is counted for the question. */
function* longElsewhere(
  view: View,
  ids: ReadonlySet<AccountId>,
  { openInterest = [] }: WhatIf,
): Generator<[string, Size]> {
  for (const instrument of new Set(openInterest.map(({ instrument }) => instrument))) {
    let own = 0n;
    for (const id of ids) {
      const lots = view.book.position(id, instrument)?.size ?? 0n;
      if (lots > 0n) own += lots;
    }
    yield [instrument, (view.book.longLots(instrument) - own) as Size];
  }
}

/** What accounts that are left out hold of currencies with a limit for the house.  RB-4 */
function* collateralElsewhere(view: View, ids: ReadonlySet<AccountId>): Generator<[string, Cash]> {
  for (const { currency, houseLimit } of view.collateral.values()) {
    if (houseLimit === undefined) continue;
    let elsewhere = view.book.collateralHeld(currency);
    for (const id of ids)
      if (view.book.account(id)?.currency !== currency) elsewhere = minus(elsewhere, view.book.balance(id, currency));
    yield [currency, elsewhere];
  }
}

/** What accounts that are left out reach for owners of those copied: it counts for the tiers of those.  MT-3 */
function* ownersElsewhere(
  view: View,
  ids: ReadonlySet<AccountId>,
  parties: readonly AccountId[],
  { trades = [] }: WhatIf,
): Generator<[string, bigint]> {
  const copied = new Map<string, { owner: string; instrument: string; reached: bigint }>();
  const count = (id: AccountId, instrument: string, reached: bigint): void => {
    const owner = view.book.account(id)?.owner ?? '';
    const key = exposureKey(owner, instrument);
    copied.set(key, { owner, instrument, reached: (copied.get(key)?.reached ?? 0n) + reached });
  };
  for (const id of ids)
    for (const [instrument, position] of view.book.positions(id)) count(id, instrument, exposureOf(position));
  for (const party of parties) for (const { instrument } of trades) count(party, instrument, 0n);
  for (const [key, { owner, instrument, reached }] of copied) {
    const elsewhere = view.book.ownerExposure(owner, instrument) - reached;
    if (elsewhere !== 0n) yield [key, elsewhere];
  }
}
