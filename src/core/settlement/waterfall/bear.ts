/**
 * The loss of each case down the layers, each emptied before the next is touched; neighbours that bear together share
 * by what they have. What is asked of members but not there yet stops the case: the layers behind wait.  Rules: B3-1,
 * SL-1
 */

import { allocateCapped } from '../../../units/allocate';
import { known } from '../../../units/failure';
import { type Cash, cash, least, minus, plus, total } from '../../../units/quantity';
import { accountName } from '../../ledger/transfers';
import type { Desk } from '../../message/desk';
import type { LedgerName, Transfer, TransferReason } from '../../message/ledger';
import type { LossShare } from '../../message/settlement';
import type { MemberId } from '../../model/account';
import type { LayerUse } from '../../model/liquidation';
import type { LossLayer, LossPolicy } from '../../model/policy';
import type { CurrencyId } from '../../model/reference';
import type { View } from '../../model/state';
import type { LossClaim } from '../../model/waterfall';
import type { Spent } from '../../risk/deleveragingRank';
import { type Closable, type ClosingLayer, closeForLoss } from '../deleveraging/layer';
import { levyOf } from './payers';
import { type Defaulter, keyOf, type Source, sourcesOf } from './sources';

/** What a member is asked for. */
export interface Asked {
  readonly member: MemberId;
  readonly amount: Cash;
  readonly full: boolean; // all that may be asked of it
}

/** A case while its loss goes down the layers. */
export interface CaseBook {
  readonly defaulter: Defaulter;
  readonly receiver: LedgerName; // who has to be made whole
  readonly closable: Closable | null; // positions by which the loss came about, where they can still be closed
  left: Cash;
  waits: boolean; // for assessments
  readonly layers: LayerUse[];
  readonly claims: LossClaim[];
  readonly asked: Asked[];
}

export interface Bearing {
  readonly desk: Desk | null; // none where it is only asked what would be borne: then no layer may close positions
  readonly view: View;
  readonly policy: LossPolicy;
  readonly books: readonly CaseBook[];
  readonly transfers: Transfer[];
  readonly shares: LossShare[]; // of socialized loss
  readonly cuts: LossShare[]; // of gains
  readonly spent: Map<string, Cash>;
}

export const startBearing = (
  view: View,
  policy: LossPolicy,
  books: readonly CaseBook[],
  desk: Desk | null = null,
): Bearing => ({
  ...{ desk, view, policy, books },
  ...{ transfers: [], shares: [], cuts: [], spent: new Map() },
});

export const layerUse = (layer: string, available: Cash, used: Cash): LayerUse => ({
  layer,
  available,
  used,
  left: minus(available, used),
});

/** What an account is to pay already. */
export const spentBy =
  ({ spent }: Pick<Bearing, 'spent'>): Spent =>
  (account) =>
    spent.get(accountName(account)) ?? cash(0n);

/** Layers as they bear: those together in one group, every other by itself. */
export function groupsOf({ layers, together = [] }: Pick<LossPolicy, 'layers' | 'together'>): LossLayer[][] {
  const groups: LossLayer[][] = [];
  for (const layer of layers) {
    const group = together.find((members) => members.includes(layer));
    const last = groups.at(-1);
    if (group && last?.every((other) => group.includes(other))) last.push(layer);
    else groups.push([layer]);
  }
  return groups;
}

/** Bears through these groups, in this order. */
export function bear(bearing: Bearing, groups: readonly (readonly LossLayer[])[]): void {
  for (const group of groups) {
    const [layer] = group;
    if (layer === 'DEFAULTER_MARGIN') continue; // used up before there was a loss: the case begins with it
    if (layer === 'DELEVERAGING' || layer === 'TEAR_UP') bearByClosing(bearing, layer);
    else if (layer === 'GAINS_HAIRCUT' || layer === 'SOCIALIZED_LOSS') bearByGains(bearing, layer);
    else for (const book of bearing.books) if (!book.waits) bearGroup(bearing, book, group);
  }
}

/**
 * Holders on the other side give up what is left of each case; it reaches the house by the closing itself, with no
 * transfer of its own.
 */
function bearByClosing(bearing: Bearing, layer: ClosingLayer): void {
  for (const book of bearing.books) {
    if (book.waits) continue;
    const { available, used, given } = closeForLoss(
      known(bearing.desk ?? undefined, 'Desk', layer),
      layer,
      book.defaulter.account,
      book.closable,
      book.left,
      spentBy(bearing),
    );
    book.layers.push(layerUse(layer, available, used));
    for (const { account, profit, cap, forgone } of given)
      book.claims.push(claimOf(layer, accountName(account), { base: 'PROFIT', weight: profit, cap }, forgone));
    book.left = minus(book.left, used);
  }
}

function bearGroup(bearing: Bearing, book: CaseBook, group: readonly LossLayer[]): void {
  const { view, policy, spent } = bearing;
  const offers = group.map((layer) => ({
    layer,
    sources: sourcesOf(view, policy.currency, layer, book.defaulter, spent),
  }));
  const rooms = offers.map(({ sources }) => total(sources.map(({ cap }) => cap)));
  const needed = least(book.left, total(rooms));
  const { shares: parts } = allocateCapped(
    needed,
    offers.map(({ layer }, i) => ({ id: layer, weight: rooms[i] ?? 0n, cap: rooms[i] ?? cash(0n) })),
  );
  for (const [i, { layer, sources }] of offers.entries()) {
    const [room, part] = [rooms[i] ?? cash(0n), parts[i] ?? cash(0n)];
    const asked = layer === 'ASSESSMENTS' && part > 0n;
    book.layers.push(layerUse(layer, room, asked ? cash(0n) : part));
    for (const paid of splitOver(sources, part)) payFrom(bearing, book, layer, paid);
    if (asked) book.waits = true;
  }
}

interface Part {
  readonly source: Source;
  readonly amount: Cash;
}

/** Splits over the sources: rank by rank, within a rank by weight and no more than each has. */
export function splitOver(sources: readonly Source[], amount: Cash): Part[] {
  const parts: Part[] = [];
  let left = amount;
  for (const rank of [...new Set(sources.map((source) => source.rank))].sort((a, b) => (a < b ? -1 : 1))) {
    const same = sources.filter((source) => source.rank === rank);
    const { shares, left: rest } = allocateCapped(
      left,
      same.map(({ name, weight, cap }) => ({ id: name, weight, cap })),
    );
    for (const [i, source] of same.entries()) {
      const share = shares[i] ?? cash(0n);
      if (share > 0n) parts.push({ source, amount: share });
    }
    left = rest;
  }
  return parts;
}

function payFrom(
  { spent, transfers, policy }: Bearing,
  book: CaseBook,
  layer: LossLayer,
  { source, amount }: Part,
): void {
  spent.set(keyOf(source), plus(spent.get(keyOf(source)) ?? cash(0n), amount));
  if (source.member !== null) {
    book.asked.push({ member: source.member, amount, full: amount === source.cap });
    return;
  }
  transfers.push(transferOf(source.name, book.receiver, policy.currency, amount, 'SHORTFALL'));
  // What comes back to the backstop pool is income of its contributors.
  book.claims.push(claimOf(layer, layer === 'BACKSTOP_POOL' ? 'backstop-income' : source.name, source, amount));
  book.left = minus(book.left, amount);
}

export const claimOf = (
  layer: LossLayer,
  claimant: LedgerName,
  { base, weight, cap }: Pick<Source, 'base' | 'weight' | 'cap'>,
  amount: Cash,
): LossClaim => ({ layer, claimant, base, weight, cap, amount, repaid: cash(0n) });

export const transferOf = (
  from: LedgerName,
  to: LedgerName,
  currency: CurrencyId,
  amount: Cash,
  reason: TransferReason,
): Transfer => ({
  from,
  to,
  currency,
  amount,
  reason,
});

/** What is left of all cases together is spread over accounts once; each case is then paid out of it in its turn. */
function bearByGains(bearing: Bearing, layer: 'GAINS_HAIRCUT' | 'SOCIALIZED_LOSS'): void {
  const { view, policy, books, spent } = bearing;
  const open = books.filter(({ waits }) => !waits);
  const base = layer === 'GAINS_HAIRCUT' ? 'GAINS' : policy.base;
  const excluded = new Set(books.map(({ defaulter }) => defaulter.account));
  const levy = levyOf(view, policy, base, total(open.map(({ left }) => left)), excluded, spentBy(bearing));
  (layer === 'SOCIALIZED_LOSS' ? bearing.shares : bearing.cuts).push(...levy.shares);
  let available = levy.available;
  const purse = levy.shares.map((share) => ({ share, amount: share.amount }));
  for (const book of open) {
    const used = least(book.left, total(purse.map((part) => part.amount)));
    book.layers.push(layerUse(layer, available, used));
    available = minus(available, used);
    drain(purse, used, ({ account, weight, cap, actedSince }, amount) => {
      const name = accountName(account);
      spent.set(name, plus(spent.get(name) ?? cash(0n), amount));
      bearing.transfers.push(transferOf(name, book.receiver, policy.currency, amount, layer));
      const since = actedSince === undefined ? {} : { actedSince };
      book.claims.push({ ...claimOf(layer, name, { base, weight, cap }, amount), ...since });
    });
    book.left = minus(book.left, used);
  }
}

/** Takes `amount` out of the purse in its order. */
function drain(
  purse: { readonly share: LossShare; amount: Cash }[],
  amount: Cash,
  pay: (share: LossShare, amount: Cash) => void,
): void {
  let left = amount;
  for (const part of purse) {
    const paid = least(part.amount, left);
    if (paid === 0n) continue;
    pay(part.share, paid);
    part.amount = minus(part.amount, paid);
    left = minus(left, paid);
  }
}
