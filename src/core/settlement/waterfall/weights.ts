/**
 * By what accounts share in a loss, where it is shared by equity or by open interest: what they had when the debt
 * began, at the prices of now. What an account did of its own accord while a debt is open is kept, and taken off again
 * where a loss is shared: so nobody shares in less by acting, and nobody in more who pays in to cure a call. It is kept
 * from the first such act on, and forgotten when no debt of the currency is open any more.  Ruling 14, decision 24
 */

import { known } from '../../../units/failure';
import { abs, type Cash, cash, minus, NO_CASH, negate, plus, type Size, size } from '../../../units/quantity';
import { cashDown } from '../../../units/rounding';
import { accountBehind } from '../../ledger/transfers';
import { collateralWorth } from '../../margin/picture';
import type { Standing } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { Event, EventOf } from '../../message/event';
import type { Transfer, TransferReason } from '../../message/ledger';
import type { Account, AccountId } from '../../model/account';
import type { LossPolicy } from '../../model/policy';
import type { CurrencyId, InstrumentId } from '../../model/reference';
import type { State, View } from '../../model/state';
import type { KeptWeight } from '../../model/waterfall';
import { notionalOf } from '../../position/value';
import { openDebtsOf } from './openDebts';

/** Money that an account sends and gets back of its own accord. What prices, losses and fees bring is none of it. */
const EITHER_WAY: readonly TransferReason[] = [
  ...(['DEPOSIT', 'WITHDRAWAL', 'TRANSFER', 'CONTRIBUTION', 'REVERSAL'] as const),
  ...(['LIQUIDATOR_DEPOSIT', 'AUCTION_BID', 'LOT_BID'] as const),
];
const SENT: readonly TransferReason[] = [...EITHER_WAY, 'AUCTION_PROCEEDS', 'LOT_PRICE'];
const GOT: readonly TransferReason[] = [...EITHER_WAY, 'AUCTION_LOT'];

/** What one account did in an entry. */
interface Doing {
  left: Cash;
  readonly traded: Map<InstrumentId, Size>;
}

/** Lots that an account took or gave of its own accord, bought above zero. */
interface Traded {
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  readonly lots: Size;
}

/** Keeps what accounts have done by these events, where it could lessen what they share in of a debt that is open. */
export function keepWeights(desk: Desk, events: readonly Event[]): void {
  if (!isAnySharedByHoldings(desk.view)) return;
  const done = new Map<AccountId, Doing>();
  for (const event of events) noteDoings(desk.view, event, done);
  keepDoings(desk, done);
}

/** Keeps what was traded where no event says by whom: lots of a default. */
export function keepTraded(desk: Desk, trades: readonly Traded[]): void {
  const done = new Map<AccountId, Doing>();
  for (const trade of trades) noteTraded(desk.view, trade, done);
  keepDoings(desk, done);
}

function keepDoings(desk: Desk, done: ReadonlyMap<AccountId, Doing>): void {
  const { view } = desk;
  const owed = new Map<CurrencyId, boolean>();
  for (const [id, doing] of [...done].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { currency } = known(view.book.account(id), 'Account', id);
    const isOwed = owed.get(currency) ?? openDebtsOf(view, currency).length > 0;
    owed.set(currency, isOwed);
    if (isOwed) desk.emit({ type: 'LossWeightKept', kept: joined(desk, id, doing) });
  }
}

const goesByHoldings = ({ base, layers }: LossPolicy): boolean =>
  base !== 'GAINS' && layers.includes('SOCIALIZED_LOSS');

function isSharedByHoldings(view: View, currency: CurrencyId): boolean {
  const policy = view.lossPolicies.get(currency);
  return policy !== undefined && goesByHoldings(policy);
}

/** Asked with every entry, and mostly answered with no. */
function isAnySharedByHoldings({ lossPolicies }: View): boolean {
  for (const policy of lossPolicies.values()) if (goesByHoldings(policy)) return true;
  return false;
}

function doingOf(view: View, id: AccountId, done: Map<AccountId, Doing>): Doing | undefined {
  const account = view.book.account(id);
  if (!account || account.kind === 'CLOSE_OUT' || !isSharedByHoldings(view, account.currency)) return undefined;
  const doing = done.get(id) ?? { left: NO_CASH, traded: new Map() };
  done.set(id, doing);
  return doing;
}

function noteDoings(view: View, event: Event, done: Map<AccountId, Doing>): void {
  for (const trade of tradesIn(event)) noteTraded(view, trade, done);
  for (const transfer of 'transfers' in event ? event.transfers : [])
    for (const [id, amount] of movedBy(view, transfer)) {
      const doing = doingOf(view, id, done);
      if (doing) doing.left = plus(doing.left, amount);
    }
}

function noteTraded(view: View, { account, instrument, lots }: Traded, done: Map<AccountId, Doing>): void {
  const doing = doingOf(view, account, done);
  doing?.traded.set(instrument, plus(doing.traded.get(instrument) ?? size(0n), lots));
}

/** Who traded of its own accord. */
function tradesIn(event: Event): Traded[] {
  if (event.type === 'TradeCleared') {
    const { instrument, buyer, seller, size: lots } = event;
    return [
      { account: buyer, instrument, lots },
      { account: seller, instrument, lots: negate(lots) },
    ];
  }
  if (event.type === 'LiquidationOrderFilled')
    return [{ account: event.counterparty, instrument: event.instrument, lots: negate(event.size) }];
  if (event.type === 'PortfolioPositionTaken')
    return [{ account: event.taker, instrument: event.instrument, lots: negate(event.size) }];
  return [];
}

/** Accounts out of which the money of a transfer went of their own accord, and, below zero, those it came back to. */
function movedBy(view: View, { from, to, currency, amount, reason }: Transfer): (readonly [AccountId, Cash])[] {
  const [payer, receiver] = [accountBehind(from), accountBehind(to)];
  const worthIn = (id: AccountId): Cash => {
    const account = known(view.book.account(id), 'Account', id);
    return account.currency === currency ? amount : cashDown(collateralWorth(view, account, currency, amount));
  };
  const moved: (readonly [AccountId, Cash])[] = [];
  if (payer !== undefined && SENT.includes(reason)) moved.push([payer, worthIn(payer)]);
  if (receiver !== undefined && (GOT.includes(reason) || isRefund(view, receiver, currency, reason)))
    moved.push([receiver, negate(worthIn(receiver))]);
  return moved;
}

/** A bid that comes back, in money; what nobody bought comes back to whoever owes, and was never sent. */
const isRefund = (view: View, receiver: AccountId, currency: CurrencyId, reason: TransferReason): boolean =>
  reason === 'AUCTION_RETURN' && view.book.account(receiver)?.currency === currency;

/** What was kept of the account, with what it has done now. */
function joined({ view, at }: Desk, account: AccountId, { left, traded }: Doing): KeptWeight {
  const before = view.keptWeights.get(account);
  const lots = new Map(before?.traded.map((one) => [one.instrument, one.lots]));
  for (const [instrument, more] of traded) lots.set(instrument, plus(lots.get(instrument) ?? size(0n), more));
  return {
    account,
    since: before?.since ?? at,
    left: plus(before?.left ?? NO_CASH, left),
    traded: [...lots]
      .filter(([, sum]) => sum !== 0n)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([instrument, sum]) => ({ instrument, lots: sum })),
  };
}

/**
 * Where no debt of a currency is open any more, what its accounts did meanwhile is forgotten. While one is open nobody
 * is looked at: this is asked with every entry.
 */
export function releaseWeights(desk: Desk): void {
  const { view } = desk;
  if (view.keptWeights.size === 0) return;
  for (const currency of [...view.lossPolicies.keys()].sort())
    if (openDebtsOf(view, currency).length === 0 && isAnyKept(view, currency))
      desk.emit({ type: 'LossWeightsReleased', currency });
}

function isAnyKept({ keptWeights, book }: View, currency: CurrencyId): boolean {
  for (const id of keptWeights.keys()) if (book.account(id)?.currency === currency) return true;
  return false;
}

export function onLossWeightKept(state: State, { kept }: EventOf<'LossWeightKept'>): void {
  state.keptWeights.set(kept.account, kept);
}

export function onLossWeightsReleased(state: State, { currency }: EventOf<'LossWeightsReleased'>): void {
  for (const id of [...state.keptWeights.keys()])
    if (state.book.account(id)?.currency === currency) state.keptWeights.delete(id);
}

/** Equity, with what the account has taken out since the debt began and without what it has brought in. */
export function sharedEquityOf(view: View, { picture, equity }: Standing): Cash {
  return plus(cashDown(equity), view.keptWeights.get(picture.account.id)?.left ?? NO_CASH);
}

/** Notional of what the account holds, and would hold had it not traded since the debt began, at the marks. */
export function sharedInterestOf(view: View, { picture: { account, holdings } }: Standing): Cash {
  const lots = new Map(holdings.map(({ instrument, position }) => [instrument.id, position.size]));
  for (const { instrument, lots: traded } of tradedSince(view, account))
    lots.set(instrument, minus(lots.get(instrument) ?? size(0n), traded));
  let sum: bigint = 0n;
  for (const [id, held] of lots) {
    const { instrument, mark } = known(view.listings.get(id), 'Instrument', id);
    if (mark !== null) sum += notionalOf(instrument, abs(held), mark.price);
  }
  return cash(sum);
}

export const hasTraded = (view: View, id: AccountId): boolean => (view.keptWeights.get(id)?.traded ?? []).length > 0;

/** Of what has been settled for good nothing would be held. */
const tradedSince = (view: View, { id }: Account): KeptWeight['traded'] =>
  (view.keptWeights.get(id)?.traded ?? []).filter(
    ({ instrument }) => view.listings.get(instrument)?.status !== 'EXPIRED',
  );
