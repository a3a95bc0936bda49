/**
 * Taking a share of a portfolio. Every position changes hands at the mark, in proportion; what the taker pays less than
 * the value behind its share, or is paid for taking what is worth less than nothing, it receives beside: from the
 * account while that is worth something, from its owner and the insurance fund when it is not. No more may be taken
 * than restores the account. Rules: CA-3, CA-5, LI-3
 */

import { toScaled } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { abs, type Cash, cash, greatest, least, NO_CASH, negate, plus, type Size, size } from '../../../units/quantity';
import { cashDown, divDown } from '../../../units/rounding';
import { accountName, onTransfers } from '../../ledger/transfers';
import type { Holding } from '../../margin/model/holding';
import { equityShareOf } from '../../margin/solve';
import { type Standing, standingOfAccount } from '../../margin/standing';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { Transfer } from '../../message/ledger';

import { type Checked, ok, refused } from '../../message/rejection';
import type { Account, AccountId } from '../../model/account';
import type { Actor } from '../../model/actor';
import type { LiquidationOrder } from '../../model/liquidation';
import type { PortfolioAuction } from '../../model/portfolio';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { changeOf, onPositionChanges } from '../../position/changes';
import { legOf, realisedTransfers } from '../../position/novate';
import { worthAt } from '../../position/value';
import { priceProblem } from '../../price/freshness';
import { readAmount } from '../../reference/reading';
import { chargesOf, chargeTransfers } from '../closing/charge';
import { closeOrder, openOrdersOf, slippageOf, unfilledOf } from '../closing/order';
import { areRelated } from '../liquidator/claim';
import { bidderFor } from '../liquidator/register';
import { noteCharges } from '../tally/charged';
import { addLoad } from '../tally/load';
import { transferOf } from '../waterfall/bear';
import { convertWhatWasPaid } from '../waterfall/sources';
import { premiumRoom, premiumTransfers } from './premium';
import { ONE_SHARE } from './shares';
import { lotsFor, premiumFor, priceOf, shareForSale, worthOf } from './terms';

export interface PortfolioTake {
  readonly auction: PortfolioAuction;
  readonly bidder: Account;
  readonly share: bigint;
  readonly value: Cash; // of the whole portfolio
  readonly price: Cash; // for the whole portfolio
  readonly premium: Cash; // for the share
  readonly positions: readonly { readonly instrument: string; readonly size: Size }[]; // as the taker trades them
}

/**
 * Errors, in order: ACCOUNT_NOT_FOUND, PORTFOLIO_AUCTION_NOT_FOUND, BIDDER_RELATED, CURRENCY_MISMATCH,
 * AUCTION_NOT_OPEN, PRICE_STALE, AUCTION_CHANGED, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE, TAKE_EXCEEDS_NEED,
 * PRICE_ABOVE_LIMIT. Whether it can carry the positions is the pre-trade check's to say.
 */
export function checkTakePortfolio(
  view: View,
  command: CommandOf<'TakePortfolio'>,
  actor: Actor,
): Checked<PortfolioTake> {
  const found = checkOpen(view, command, actor);
  if (found.rejection) return found;
  const { auction, bidder } = found.ok;
  const asked = command.share === null ? ONE_SHARE : toScaled(command.share, 18);
  if (asked === undefined)
    return refused('TOO_MANY_DIGITS', { field: 'share', value: command.share ?? '', digits: '18' });
  if (asked <= 0n || asked > ONE_SHARE)
    return refused('VALUE_OUT_OF_RANGE', { field: 'share', value: command.share ?? '' });
  const limit = readAmount(view, auction.currency, command.limit);
  if (limit.rejection) return limit;
  const standing = standingOfAccount(view, auction.account);
  const forSale = shareForSale(view, auction, view.now);
  const share = least(asked, forSale);
  if (share === 0n) return refused('TAKE_EXCEEDS_NEED', { needed: '0' });
  const worth = worthOf(standing, auction);
  const { value } = worth;
  const price = priceOf(auction, worth, view.now);
  const due = premiumFor(share, value, price);
  // Owner and fund pay no more than they have; who asks for more does not get less.
  const premium = auction.mode === 'SOLVENT' ? due : least(due, premiumRoom(view, auction.account, auction.currency));
  if (price > limit.ok || premiumFor(share, value, limit.ok) > premium)
    return refused('PRICE_ABOVE_LIMIT', { limit: command.limit });
  const positions = standing.picture.holdings
    .filter(({ position }) => position.size !== 0n)
    .map((holding) => {
      const lots = lotsFor(holding, share);
      return { instrument: holding.instrument.id, size: holding.position.size > 0n ? lots : negate(lots) };
    });
  const taken = { auction, bidder, value: cash(value), price };
  // 'At most' so much: what is no whole lot of anything is nothing, and costs nothing.
  if (share < forSale && !holdsWholeLot(standing, share))
    return ok({ ...taken, share: 0n, premium: NO_CASH, positions: [] });
  return ok({ ...taken, share, premium, positions });
}

const holdsWholeLot = ({ picture }: Standing, share: bigint): boolean =>
  picture.holdings.some(({ position }) => abs(position.size) * share >= ONE_SHARE);

function checkOpen(
  view: View,
  command: CommandOf<'TakePortfolio'>,
  actor: Actor,
): Checked<{ auction: PortfolioAuction; bidder: Account }> {
  const bidder = bidderFor(view, actor, command.account);
  if (!bidder || bidder.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const auction = view.portfolios.get(command.auction);
  if (!auction) return refused('PORTFOLIO_AUCTION_NOT_FOUND', { auction: command.auction });
  // Nobody buys back what is sold for their debt, under whatever account.
  const debtor = known(view.book.account(auction.account), 'Account', auction.account);
  if (areRelated(bidder, debtor)) return refused('BIDDER_RELATED', { account: bidder.id });
  if (bidder.currency !== auction.currency)
    return refused('CURRENCY_MISMATCH', { account: bidder.currency, auction: auction.currency });
  const late = auction.deadline <= view.now;
  const stopped = view.auctionPolicies.get(auction.currency)?.breaker === 3;
  if (auction.status !== 'OPEN' || late || stopped)
    return refused('AUCTION_NOT_OPEN', {
      auction: auction.id,
      status: late ? 'OVER' : stopped ? 'STOPPED' : auction.status,
    });
  for (const [id, { size: lots }] of view.book.positions(auction.account)) {
    const problem = lots === 0n ? undefined : priceProblem(view, id);
    if (problem) return { rejection: problem };
  }
  return auction.version === command.version
    ? ok({ auction, bidder })
    : refused('AUCTION_CHANGED', { version: String(auction.version) });
}

export function takePortfolio(desk: Desk, take: PortfolioTake): void {
  const { auction, bidder, share, value, price, premium } = take;
  if (share === 0n) return;
  const { account, currency } = auction;
  const before = standingOfAccount(desk.view, account);
  for (const { instrument } of take.positions) takePosition(desk, take, before, instrument);
  const left = ONE_SHARE - auction.sold;
  const paid =
    auction.mode === 'INSOLVENT'
      ? premiumTransfers(desk.view, account, currency, bidder.id, premium)
      : { transfers: ownPremium(account, bidder.id, currency, premium), owner: [], fund: NO_CASH };
  const portfolio: PortfolioAuction = {
    ...auction,
    sold: auction.sold + divDown(left * share, ONE_SHARE),
    takes: auction.takes + 1,
    proceeds: plus(auction.proceeds, cash(divDown(share * value, ONE_SHARE) - premium)),
    fairValue: plus(auction.fairValue, cash(divDown(share * value, ONE_SHARE))),
    fund: plus(auction.fund, paid.fund),
    version: auction.version + 1,
  };
  const { transfers } = paid;
  desk.emit({
    type: 'PortfolioTaken',
    auction: auction.id,
    account,
    taker: bidder.id,
    share,
    value,
    price,
    premium,
    portfolio,
    transfers,
  });
  convertWhatWasPaid(desk, paid.owner);
  keepOrders(desk, account);
}

const ownPremium = (account: AccountId, taker: AccountId, currency: CurrencyId, amount: Cash): Transfer[] =>
  amount > 0n ? [transferOf(accountName(account), accountName(taker), currency, amount, 'PORTFOLIO_PREMIUM')] : [];

/** One position at the mark, charged out of what of the equity behind it is not paid to the taker. */
function takePosition(desk: Desk, take: PortfolioTake, before: Standing, id: string): void {
  const { auction, bidder, share } = take;
  const { account } = auction;
  const standing = standingOfAccount(desk.view, account);
  const holding = known(holdingIn(standing, id), 'Holding', account);
  const offered = known(holdingIn(before, id), 'Holding', account);
  const lots = lotsFor(offered, share);
  const policy = known(standing.picture.policy, 'Margin policy', account);
  const { instrument, mark } = holding;
  const traded = size(holding.position.size > 0n ? -lots : lots);
  const worth = worthAt(instrument, traded, mark);
  const charges = chargesOf(desk.view, standing, holding, lots, policy, affordableFor(take, before, offered, lots));
  const legs = [
    legOf(desk.view, account, instrument, traded, worth),
    legOf(desk.view, bidder.id, instrument, negate(traded), negate(worth)),
  ];
  const orders = openOrdersOf(desk.view, account).filter(
    (order) => order.instrument === id && order.size > 0n === traded > 0n,
  );
  const trigger = orders[0] ?? { mark };
  desk.emit({
    type: 'PortfolioPositionTaken',
    auction: auction.id,
    liquidation: auction.liquidation,
    account,
    taker: bidder.id,
    instrument: id,
    size: traded,
    mark,
    value: cashDown(worth),
    orders: filledBy(orders, lots),
    positions: legs.map(({ account: own, filled }) => changeOf(own, id, filled.position)),
    charges,
    slippage: slippageOf(instrument, standing, holding, trigger, traded, worth),
    transfers: [
      ...realisedTransfers(legs, instrument),
      ...chargeTransfers(desk.view, account, charges, policy, instrument, null),
    ],
  });
}

const holdingIn = ({ picture }: Standing, id: string): Holding | undefined =>
  picture.holdings.find(({ instrument }) => instrument.id === id);

/**
 * Of the equity behind the lots the part that the price leaves to the account: a charge never takes what others have a
 * claim to.  LP-1
 */
function affordableFor({ value, price }: PortfolioTake, before: Standing, offered: Holding, lots: Size): Cash {
  if (value <= 0n || price <= 0n) return NO_CASH;
  return greatest(cash(divDown(cashDown(equityShareOf(before, offered, lots)) * price, value)), NO_CASH);
}

/** What the take fills of the orders that were to close the same lots. */
function filledBy(orders: readonly LiquidationOrder[], lots: Size): { order: string; size: Size }[] {
  let left = lots;
  const filled: { order: string; size: Size }[] = [];
  for (const order of orders) {
    const part = least(unfilledOf(order), left);
    if (part === 0n) continue;
    filled.push({ order: order.id, size: order.size > 0n ? part : negate(part) });
    left = size(left - part);
  }
  return filled;
}

/** Orders that have nothing left to do are done. */
function keepOrders(desk: Desk, account: string): void {
  for (const order of openOrdersOf(desk.view, account)) {
    const held = abs(desk.view.book.position(account, order.instrument)?.size ?? size(0n));
    if (unfilledOf(order) === 0n) closeOrder(desk, order, 'FILLED');
    else if (unfilledOf(order) > held) closeOrder(desk, order, 'CANCELLED');
  }
}

export function onPortfolioPositionTaken(state: State, event: EventOf<'PortfolioPositionTaken'>): void {
  onPositionChanges(state, event.positions);
  onTransfers(state, event.transfers);
  noteCharges(state, event.liquidation, event.transfers);
  for (const { order: id, size: lots } of event.orders) {
    const order = known(state.liquidationOrders.get(id), 'Liquidation order', id);
    const filled = { ...order, filled: plus(order.filled, lots) };
    state.liquidationOrders.set(id, filled);
    addLoad(state, order, -1n);
    addLoad(state, filled, 1n);
  }
}
