/**
 * Starting auctions: of the collateral of an account that owes, by itself or by an officer. What is sold moves to the
 * auction's own ledger account; what does not fit under the caps waits in order of deadline.  Rules: CA-4, S04
 */

import { allocate } from '../../../units/allocate';
import { type Cash, type Count, cash, instant, later, negate } from '../../../units/quantity';
import { accountName } from '../../ledger/transfers';
import { type Picture, pictureOf } from '../../margin/picture';
import type { CommandOf } from '../../message/command';

import type { Desk } from '../../message/desk';
import { type Checked, ok, refused } from '../../message/rejection';
import type { AccountId, MemberId } from '../../model/account';
import type { Auction, AuctionForm, AuctionPolicy } from '../../model/auction';
import type { Liquidation } from '../../model/liquidation';
import type { CurrencyId } from '../../model/reference';
import type { View } from '../../model/state';
import { indexIdOf } from '../../reference/indices';
import { readPayment, readWhole } from '../../reference/reading';
import { debtOf, isMinor } from '../closing/awaited';
import { cheapestFirst } from '../closing/convert';
import { firstsInQueue, fittingPart, lotsUnder } from './capacity';
import { costUp, type Part } from './sale';
import { byDeadline, discountOn, livePriceOf, quoteAt, reserveOf, reserveValueOf, targetOf, topOf } from './terms';

const MOST_LOTS = 1000;

export interface AuctionPlan {
  readonly account: AccountId;
  readonly liquidation: Liquidation['id'] | null;
  readonly policy: AuctionPolicy;
  readonly form: AuctionForm;
  readonly lotCurrency: CurrencyId;
  readonly quantity: Cash;
  readonly debt: Cash;
  readonly target: Cash;
  readonly price: bigint; // of the index
  readonly lots: Count;
  readonly invited: readonly MemberId[] | null;
}

/**
 * Errors, in order: ACCOUNT_NOT_FOUND, ACCOUNT_NOT_IN_LIQUIDATION, AUCTION_POLICY_NOT_FOUND, AUCTIONS_STOPPED,
 * CURRENCY_NOT_FOUND, INDEX_NOT_FOUND, PRICE_STALE, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE, INSUFFICIENT_FUNDS,
 * VALUE_OUT_OF_RANGE, MEMBER_NOT_FOUND.
 */
export function checkStartAuction(view: View, command: CommandOf<'StartAuction'>): Checked<AuctionPlan> {
  const { lotCurrency, invited } = command;
  const account = view.book.account(command.account);
  if (!account) return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const liquidation = view.liquidationOf.get(account.id) ?? null;
  // Only what is being closed is sold: collateral of somebody in good standing is nobody's to auction.
  if (liquidation === null && account.kind !== 'CLOSE_OUT')
    return refused('ACCOUNT_NOT_IN_LIQUIDATION', { account: account.id });
  const policy = view.auctionPolicies.get(account.currency);
  if (!policy) return refused('AUCTION_POLICY_NOT_FOUND', { currency: account.currency });
  if (policy.breaker > 0) return refused('AUCTIONS_STOPPED', { level: String(policy.breaker) });
  if (!view.currencies.has(lotCurrency)) return refused('CURRENCY_NOT_FOUND', { currency: lotCurrency });
  if (!view.indices.has(indexIdOf(lotCurrency, account.currency)))
    return refused('INDEX_NOT_FOUND', { index: indexIdOf(lotCurrency, account.currency) });
  const price = livePriceOf(view, lotCurrency, account.currency);
  if (price === undefined) return refused('PRICE_STALE', { index: indexIdOf(lotCurrency, account.currency) });
  const held = view.book.balance(account.id, lotCurrency);
  const quantity = command.quantity === null ? ok(held) : readPayment(view, lotCurrency, command.quantity);
  if (quantity.rejection) return quantity;
  if (held <= 0n || quantity.ok > held)
    return refused('INSUFFICIENT_FUNDS', { account: account.id, currency: lotCurrency });
  const lots = readWhole('lots', command.lots, 1, MOST_LOTS);
  if (lots.rejection) return lots;
  if (quantity.ok < BigInt(lots.ok)) return refused('VALUE_OUT_OF_RANGE', { field: 'lots', value: String(lots.ok) });
  const stranger = invited?.find((member) => !view.members.has(member));
  if (stranger !== undefined) return refused('MEMBER_NOT_FOUND', { member: stranger });
  const owed = negate(view.book.balance(account.id, account.currency));
  const pair = { lotCurrency, currency: account.currency };
  // Without a debt all of it is for sale: the most a sale could raise is the target.
  const debt =
    owed > 0n
      ? owed
      : cash(costUp(quantity.ok, quoteAt(view, pair, topOf(policy, price, discountOn(view, lotCurrency)))) * 10n);
  const target = owed > 0n ? targetOf(policy, debt) : debt;
  const form = command.form ?? policy.form;
  return ok({
    account: account.id,
    liquidation,
    policy,
    form,
    quantity: quantity.ok,
    debt,
    target,
    price,
    lots: lots.ok,
    lotCurrency,
    invited,
  });
}

/**
 * Puts a plan into auctions, a lot each: debt and target are shared by them exactly. They open as the caps have
 * capacity.
 */
export function startAuction(desk: Desk, plan: AuctionPlan): void {
  const { account, liquidation, policy, form, lotCurrency, price, invited } = plan;
  const claims = Array.from({ length: plan.lots }, (_, i) => ({ id: String(i).padStart(4, '0'), weight: 1n }));
  const [quantities, debts, penalties] = [plan.quantity, plan.debt, cash(plan.target - plan.debt)].map((whole) =>
    allocate(whole, claims),
  );
  for (let i = 0; i < plan.lots; i++) {
    const id = desk.newId('auc');
    const quantity = quantities?.[i] ?? cash(0n);
    const debt = debts?.[i] ?? cash(0n);
    const auctioned: Auction = {
      ...{ id, form, account, liquidation, lotCurrency, quantity, debt, invited },
      currency: policy.currency,
      target: cash(debt + (penalties?.[i] ?? 0n)),
      proceeds: cash(0n),
      sold: cash(0n),
      fairValue: cash(0n),
      terms: policy,
      status: 'QUEUED',
      round: 1,
      top: topOf(policy, price, discountOn(desk.view, lotCurrency)),
      reserve: reserveOf(policy, price),
      startedAt: desk.at,
      deadline: roundEnd(desk.at, policy),
      timeLeft: null,
      manual: false,
      bids: [],
      version: 1,
    };
    const transfers = [
      {
        from: accountName(account),
        to: `auction/${id}`,
        currency: lotCurrency,
        amount: quantity,
        reason: 'AUCTION_LOT',
      },
    ] as const;
    desk.emit({ type: 'AuctionStarted', account, auctioned, transfers });
  }
}

/** Strictly after the round duration, and never before the minimum time. */
export const roundEnd = (
  at: Auction['startedAt'],
  { roundDuration, minimumTime }: AuctionPolicy,
): Auction['deadline'] => instant(at + Math.max(roundDuration + 1, minimumTime));

/** Collateral an account could send to auction now, where the policy of its currency says so. */
function lotsOf(view: View, picture: Picture, policy: AuctionPolicy): AuctionLot[] {
  const { account, collateral } = picture;
  const owed = debtOf(picture);
  const unsold = view.liquidations.get(view.liquidationOf.get(account.id) ?? '')?.unsold ?? [];
  const found: AuctionLot[] = [];
  for (const item of cheapestFirst(view, collateral)) {
    const { currency: lotCurrency, amount: quantity, stale } = item;
    // What is worth next to nothing beside the debt is taken over: nobody waits for a sale of it.  Ruling 16
    if (isMinor(view, picture, item, owed)) continue;
    const price = stale || unsold.includes(lotCurrency) ? undefined : livePriceOf(view, lotCurrency, account.currency);
    if (price === undefined || quantity <= 0n) continue;
    const value = reserveValueOf(view, {
      lotCurrency,
      currency: account.currency,
      quantity,
      reserve: reserveOf(policy, price),
    });
    const lots = lotsUnder(policy, value, MOST_LOTS);
    const whole = lots <= MOST_LOTS && BigInt(lots) <= quantity;
    if (value > policy.minimumDebt && value > 0n && whole) found.push({ lotCurrency, quantity, price, lots });
  }
  return found;
}

type AuctionLot = Pick<AuctionPlan, 'lotCurrency' | 'quantity' | 'price' | 'lots'>;

const policyInForce = (view: View, currency: CurrencyId): AuctionPolicy | undefined => {
  const policy = view.auctionPolicies.get(currency);
  return policy && policy.breaker === 0 ? policy : undefined;
};

/** Whether collateral of the account would go to auction if it owed. */
export function isAuctionable(view: View, account: AccountId): boolean {
  const picture = pictureOf(view, account);
  const policy = policyInForce(view, picture.account.currency);
  return policy !== undefined && lotsOf(view, picture, policy).length > 0;
}

/**
 * Sends collateral of an account that owes to auction, where the policy of its currency says so: the first currency
 * that has a live price and is worth more than the minimum debt. Returns whether one was started; then the liquidation
 * waits for it.
 */
export function startCollateralAuction(desk: Desk, liquidation: Liquidation): boolean {
  const { view } = desk;
  const picture = pictureOf(view, liquidation.account);
  const { account } = picture;
  const policy = policyInForce(view, account.currency);
  const [lot] = policy && picture.cash < 0n ? lotsOf(view, picture, policy) : [];
  if (!policy || !lot) return false;
  const debt = negate(picture.cash);
  const target = targetOf(policy, debt);
  startAuction(desk, {
    ...lot,
    account: account.id,
    liquidation: liquidation.id,
    policy,
    form: policy.form,
    debt,
    target,
    invited: null,
  });
  return true;
}

/**
 * Opens the auctions that wait, in order of deadline, while the caps have capacity, each with the part that fits. No
 * auction passes another of its two currencies. An auction that has grown beyond a cap while it waited opens alone:
 * otherwise it would never open, and its liquidation would never end.
 */
export function openQueued(desk: Desk, currency: CurrencyId): void {
  const { view } = desk;
  const policy = view.auctionPolicies.get(currency);
  if (!policy || policy.breaker > 0) return;
  const held = new Set<CurrencyId>();
  for (;;) {
    const [next] = firstsInQueue(view, currency)
      .filter(({ lotCurrency }) => !held.has(lotCurrency))
      .sort(byDeadline);
    if (!next) return;
    const price = livePriceOf(view, next.lotCurrency, currency);
    const opened: Auction | undefined =
      price === undefined ? undefined : { ...freshRound(desk, next, price), status: 'OPEN', version: next.version + 1 };
    const part = opened && fittingPart(view, opened, policy);
    if (!opened || !part) {
      held.add(next.lotCurrency);
      continue;
    }
    if (part.target < opened.target) setAside(desk, next, part);
    const auctioned = { ...opened, debt: cash(part.debt), target: cash(part.target), quantity: cash(part.quantity) };
    desk.emit({ type: 'AuctionChanged', account: next.account, change: 'OPENED', by: null, auctioned, transfers: [] });
  }
}

/** What does not fit waits as an auction of its own, at the place its whole had in the queue.  CA-6 */
function setAside(desk: Desk, whole: Auction, part: Part): void {
  const { account, lotCurrency } = whole;
  const auctioned: Auction = {
    ...whole,
    id: desk.newId('auc'),
    debt: cash(whole.debt - part.debt),
    target: cash(whole.target - part.target),
    quantity: cash(whole.quantity - part.quantity),
    version: 1,
  };
  const [from, to] = [`auction/${whole.id}`, `auction/${auctioned.id}`] as const;
  const transfers = [{ from, to, currency: lotCurrency, amount: auctioned.quantity, reason: 'AUCTION_LOT' }] as const;
  desk.emit({ type: 'AuctionStarted', account, auctioned, transfers });
}

/** The auction at the start of a round, priced by the index as it is now. */
export const freshRound = (desk: Desk, auction: Auction, price: bigint): Auction => ({
  ...auction,
  top: topOf(auction.terms, price, discountOn(desk.view, auction.lotCurrency)),
  reserve: reserveOf(auction.terms, price),
  startedAt: desk.at,
  deadline: roundEnd(desk.at, auction.terms),
  timeLeft: null,
});

export const extended = (auction: Auction, at: Auction['startedAt']): Auction['deadline'] =>
  instant(Math.max(auction.deadline, later(at, auction.terms.extension)));
