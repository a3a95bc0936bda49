/**
 * The auction of a default's lots among members, by sealed bids. A lot changes hands at the mark; a bid says what the
 * bidder pays for it besides, or, below zero, is paid. The best bid of each lot wins where enough members bid. A round
 * that leaves anything unsold has failed: at once a second one opens to everybody, in at least as many lots as the
 * policy says. Who was asked and did not bid is recorded as junior: those pay first.  Rules: S01, CA-2
 */

import { known } from '../../../units/failure';
import {
  abs,
  type Cash,
  type Count,
  cash,
  compare,
  duration,
  later,
  NO_CASH,
  negate,
  RATE_ONE,
  type Rate,
} from '../../../units/quantity';
import { EMPTY_POSITION } from '../../book/exposure';
import { accountName, balanceOf, onTransfers } from '../../ledger/transfers';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import { type EventOf, payment } from '../../message/event';
import type { LedgerName, Transfer } from '../../message/ledger';
import type { LotAward } from '../../message/memberDefault';
import type { PositionChange } from '../../message/position';
import { type Checked, ok, type Rejection, refused } from '../../message/rejection';
import type { Account, MemberId } from '../../model/account';
import type { Actor } from '../../model/actor';
import type {
  DefaultAuction,
  DefaultBook,
  DefaultLot,
  LotBid,
  LotPosition,
  MemberDefault,
} from '../../model/memberDefault';
import type { State, View } from '../../model/state';
import { changeOf, onPositionChanges } from '../../position/changes';
import { legOf, realisedTransfers } from '../../position/novate';
import { notionalOf, worthAt } from '../../position/value';
import { priceProblem } from '../../price/freshness';
import { accountFor } from '../../reference/accounts';
import { defaultPolicyOf } from '../../reference/defaultPolicies';
import { memberStatusOf } from '../../reference/members';
import { LONGEST_WINDOW } from '../../reference/policies';
import { readAmount, readRate, readSpan, readWhole } from '../../reference/reading';
import { recordJuniors } from '../waterfall/defaultFund';
import { keepTraded } from '../waterfall/weights';
import { amendBook, bookOf } from './books';
import { heldBy, type Split, splitDefault, splitEvenly } from './lots';

export interface Opening extends Split {
  readonly auction: Planned;
}

/** A round that is to be opened. */
type Planned = Omit<DefaultAuction, 'id' | 'endsAt' | 'bids'>;

/**
 * Errors, in order: DEFAULT_NOT_FOUND, DEFAULT_SETTLED, NOTHING_TO_CLOSE, DEFAULT_STILL_OPEN (an auction),
 * LOTS_INVALID, PRICE_STALE, MEMBER_NOT_FOUND, VALUE_OUT_OF_RANGE, TOO_MANY_DIGITS.
 */
export function checkAuctionDefault(view: View, command: CommandOf<'AuctionDefault'>): Checked<Opening> {
  const found = view.memberDefaults.get(command.default);
  const book = found && bookOf(found, command.currency);
  if (!found || !book) return refused('DEFAULT_NOT_FOUND', { default: command.default, currency: command.currency });
  if (book.settled) return refused('DEFAULT_SETTLED', { default: found.id, currency: book.currency });
  const held = heldBy(view, book.account);
  if (held.length === 0) return refused('NOTHING_TO_CLOSE', { default: found.id });
  if (book.auction !== null) return refused('DEFAULT_STILL_OPEN', { auction: String(book.auction.round) });
  // Without lots the portfolio is one; split before it was traded in, the lots are not what is there any more.
  const lots: readonly DefaultLot[] = book.lots.length > 0 ? book.lots : [{ ordinal: 1, share: null, positions: held }];
  if (!areAll(lots, held)) return refused('LOTS_INVALID', { default: found.id });
  // A lot without a live price holds up itself, not the others.  Ruling 13
  const problems = lots.map((lot) => lotProblem(view, lot));
  if (problems[0] && problems.every((problem) => problem !== undefined)) return { rejection: problems[0] };
  const stranger = command.invited?.find((member) => !view.members.has(member) || member === found.member);
  if (stranger !== undefined) return refused('MEMBER_NOT_FOUND', { member: stranger });
  const least = readWhole('minimumBidders', command.minimumBidders, 1, 1000);
  if (least.rejection) return least;
  const window = readSpan('window', command.window, 1000, LONGEST_WINDOW);
  if (window.rejection) return window;
  const reserve = readRate('reserve', command.reserve);
  if (reserve.rejection) return reserve;
  const auction: Planned = {
    round: 1,
    invited: command.invited === null ? null : [...new Set(command.invited)].sort(),
    asked: askedBy(view, found.member, command.invited),
    minimumBidders: least.ok,
    reserve: reserve.ok,
    window: duration(window.ok),
  };
  return ok({ found, currency: book.currency, lots, auction });
}

/** Whether the lots together are what is held, no more and no less. */
function areAll(lots: readonly DefaultLot[], held: readonly { instrument: string; size: bigint }[]): boolean {
  const sums = new Map<string, bigint>();
  for (const { positions } of lots)
    for (const { instrument, size } of positions) sums.set(instrument, (sums.get(instrument) ?? 0n) + size);
  return held.length === sums.size && held.every(({ instrument, size }) => sums.get(instrument) === size);
}

/** Why a lot cannot change hands now: what is in it has no live price.  RLM-4 */
const lotProblem = (view: View, { positions }: DefaultLot): Rejection | undefined =>
  positions.map(({ instrument }) => priceProblem(view, instrument)).find((problem) => problem !== undefined);

/** Members whose bid is expected: those invited, or every other active one. */
const askedBy = (view: View, defaulter: MemberId, invited: readonly MemberId[] | null): MemberId[] =>
  [...(invited ?? view.members.keys())]
    .filter((member) => member !== defaulter && memberStatusOf(view, member) === 'ACTIVE')
    .sort();

export function auctionDefault(desk: Desk, { found, currency, lots, auction }: Opening): void {
  splitDefault(desk, { found, currency, lots });
  open(desk, found, currency, auction);
}

function open(desk: Desk, { id, member }: MemberDefault, currency: string, planned: Planned): void {
  const opened = { id: desk.newId('lots'), ...planned, endsAt: later(desk.at, planned.window), bids: [] };
  desk.emit({ type: 'DefaultAuctionStarted', default: id, member, currency, opened });
}

export interface CheckedLotBid {
  readonly found: MemberDefault;
  readonly book: DefaultBook;
  readonly bidder: Account;
  readonly lot: DefaultLot;
  readonly amount: Cash;
}

/**
 * Errors, in order: DEFAULT_NOT_FOUND, LOT_NOT_OFFERED, ACCOUNT_NOT_FOUND, BIDDER_EXCLUDED, CURRENCY_MISMATCH,
 * TOO_MANY_DIGITS, LOT_BID_BELOW_RESERVE, INSUFFICIENT_FUNDS. Whether it can carry the lot is the pre-trade check's to
 * say.
 */
export function checkBidForLot(view: View, command: CommandOf<'BidForLot'>, actor: Actor): Checked<CheckedLotBid> {
  const found = view.memberDefaults.get(command.default);
  const book = found && bookOf(found, command.currency);
  if (!found || !book) return refused('DEFAULT_NOT_FOUND', { default: command.default, currency: command.currency });
  const lot = book.lots.find(({ ordinal }) => ordinal === command.lot);
  if (!book.auction || !lot || book.auction.endsAt <= view.now)
    return refused('LOT_NOT_OFFERED', { lot: String(command.lot) });
  const bidder = accountFor(view, actor, command.account);
  if (!bidder || bidder.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  // The defaulter and its clients cannot bid, nor may who was not asked.
  const { invited } = book.auction;
  if (bidder.member === found.member || (invited !== null && !invited.includes(bidder.member)))
    return refused('BIDDER_EXCLUDED', { member: bidder.member });
  if (bidder.currency !== book.currency)
    return refused('CURRENCY_MISMATCH', { account: bidder.currency, default: book.currency });
  const amount = readAmount(view, book.currency, command.amount);
  if (amount.rejection) return amount;
  if (amount.ok < reserveOf(view, lot, book.auction.reserve))
    return refused('LOT_BID_BELOW_RESERVE', { amount: command.amount });
  const before = bidOf(book.auction, bidder.id, lot.ordinal)?.amount ?? NO_CASH;
  const free = balanceOf(view, accountName(bidder.id), book.currency) + (before > 0n ? before : 0n);
  return amount.ok > free
    ? refused('INSUFFICIENT_FUNDS', { account: bidder.id })
    : ok({ found, book, bidder, lot, amount: amount.ok });
}

/** The worst bid: so much of the notional the house pays at most.  Unit: cash, at most zero. */
function reserveOf(view: View, { positions }: DefaultLot, reserve: Rate): Cash {
  let notional = 0n;
  for (const { instrument: id, size } of positions) {
    const { instrument, mark } = known(view.listings.get(id), 'Instrument', id);
    notional += notionalOf(instrument, abs(size), known(mark ?? undefined, 'Mark price', id).price);
  }
  return negate(cash((notional * reserve) / RATE_ONE));
}

const bidOf = ({ bids }: DefaultAuction, account: string, lot: Count): LotBid | undefined =>
  bids.find((bid) => bid.account === account && bid.ordinal === lot);

const escrowOf = ({ id }: MemberDefault): LedgerName => `lots/${id}`;

/**
 * Places a bid, or another in its place: what it pays is in escrow from here on, so that the winner cannot fail to pay.
 */
export function bidForLot(desk: Desk, { found, book, bidder, lot, amount }: CheckedLotBid): void {
  const { id, member } = found;
  const auction = known(book.auction ?? undefined, 'Auction', id);
  const before = bidOf(auction, bidder.id, lot.ordinal);
  const placed: LotBid = { account: bidder.id, member: bidder.member, ordinal: lot.ordinal, amount, at: desk.at };
  const transfers = [...(before ? refund(found, book, before) : []), ...escrowed(found, book, placed)];
  desk.emit({
    type: 'LotBidPlaced',
    default: id,
    member,
    currency: book.currency,
    auction: auction.id,
    bid: placed,
    transfers,
  });
}

const escrowed = (found: MemberDefault, { currency }: DefaultBook, { account, amount }: LotBid): Transfer[] =>
  amount > 0n ? [{ from: accountName(account), to: escrowOf(found), currency, amount, reason: 'LOT_BID' }] : [];

const refund = (found: MemberDefault, { currency }: DefaultBook, { account, amount }: LotBid): Transfer[] =>
  amount > 0n ? [{ from: escrowOf(found), to: accountName(account), currency, amount, reason: 'LOT_BID' }] : [];

/** The best bid of a lot: of equals the earlier, then the smaller account id. */
const byMerit = (a: LotBid, b: LotBid): number =>
  compare(b.amount, a.amount) || compare(a.at, b.at) || compare(a.account, b.account);

/** A round's time is up. */
export function endLotRound(desk: Desk, id: string, currency: string): void {
  const found = known(desk.view.memberDefaults.get(id), 'Default', id);
  const book = known(bookOf(found, currency), 'Currency of a default', currency);
  const auction = known(book.auction ?? undefined, 'Auction', id);
  const bidders = new Set(auction.bids.map(({ member }) => member));
  const enough = bidders.size >= auction.minimumBidders;
  const best = (lot: DefaultLot): LotBid | undefined =>
    enough && !lotProblem(desk.view, lot)
      ? auction.bids.filter(({ ordinal }) => ordinal === lot.ordinal).sort(byMerit)[0]
      : undefined;
  const sold = book.lots.flatMap((lot) => {
    const bid = best(lot);
    return bid ? [{ lot, bid }] : [];
  });
  const moves = movesOf(desk.view, book, sold);
  const juniors = auction.asked.filter((member) => !bidders.has(member));
  desk.emit({
    type: 'DefaultAuctionEnded',
    default: id,
    member: found.member,
    currency,
    auction: auction.id,
    round: auction.round,
    juniors,
    receiver: book.account,
    outcome: sold.length === book.lots.length ? 'SOLD' : 'FAILED',
    awards: sold.map(({ bid: { account, ordinal, amount } }): LotAward => ({ account, ordinal, amount })),
    positions: moves.positions,
    transfers: [...auction.bids.flatMap((bid) => refund(found, book, bid)), ...moves.transfers],
  });
  const tradesOf = ({ lot, bid: { account } }: (typeof sold)[number]) =>
    lot.positions.map(({ instrument, size: lots }) => ({ account, instrument, lots }));
  keepTraded(desk, sold.flatMap(tradesOf));
  recordJuniors(desk, { member: found.member, juniors });
  if (sold.length < book.lots.length && auction.round === 1) openAgain(desk, id, currency, auction);
}

/** The second round: everybody may bid, on what is left in lots small enough for many. */
function openAgain(desk: Desk, id: string, currency: string, { asked, reserve, window }: DefaultAuction): void {
  const found = known(desk.view.memberDefaults.get(id), 'Default', id);
  const book = known(bookOf(found, currency), 'Currency of a default', currency);
  const lots = splitAgain(desk.view, heldBy(desk.view, book.account), defaultPolicyOf(desk.view, currency).minimumLots);
  splitDefault(desk, { found, currency, lots });
  open(desk, found, currency, { round: 2, invited: null, asked, minimumBidders: 1, reserve, window });
}

/** What has a live price in equal lots; what has none apart, so that it holds up nothing else.  Ruling 13 */
function splitAgain(view: View, held: readonly LotPosition[], within: Count): DefaultLot[] {
  const priced = held.filter(({ instrument }) => !priceProblem(view, instrument));
  if (priced.length === 0) return splitEvenly(held, within);
  const positions = held.filter((position) => !priced.includes(position));
  const lots = splitEvenly(priced, within);
  return positions.length === 0 ? lots : [...lots, { ordinal: lots.length + 1, share: null, positions }];
}

/**
 * Lots change hands at the mark; what was bid is paid beside it, by the winner or to it. Each sees the positions the
 * one before left.
 */
function movesOf(view: View, book: DefaultBook, sold: readonly { lot: DefaultLot; bid: LotBid }[]) {
  const now = new Map<string, PositionChange>();
  const transfers: Transfer[] = [];
  const move = (account: string, id: string, lots: bigint): void => {
    const { instrument, mark } = known(view.listings.get(id), 'Instrument', id);
    const price = known(mark ?? undefined, 'Mark price', id).price;
    const key = `${account}\n${id}`;
    const size = lots as typeof EMPTY_POSITION.size;
    const before = now.get(key);
    const leg = legOf(
      view,
      account,
      instrument,
      size,
      worthAt(instrument, size, price),
      before && { ...EMPTY_POSITION, ...before },
    );
    now.set(key, changeOf(account, id, leg.filled.position));
    transfers.push(...realisedTransfers([leg], instrument));
  };
  for (const { lot, bid } of sold) {
    for (const { instrument, size } of lot.positions) {
      move(bid.account, instrument, size);
      move(book.account, instrument, -size);
    }
    if (bid.amount !== 0n)
      transfers.push(
        payment(accountName(book.account), accountName(bid.account), bid.amount, book.currency, 'LOT_PRICE'),
      );
  }
  return { positions: [...now.values()], transfers };
}

export function onDefaultAuctionStarted(state: State, event: EventOf<'DefaultAuctionStarted'>): void {
  amendBook(state, event.default, event.currency, { auction: event.opened });
  state.deadlines.set(lotDeadline(event.default, event.currency), event.opened.endsAt);
}

export const lotDeadline = (id: string, currency: string): string => `lots/${id}:${currency}`;

export function onLotBidPlaced(state: State, event: EventOf<'LotBidPlaced'>): void {
  onTransfers(state, event.transfers);
  const found = known(state.memberDefaults.get(event.default), 'Default', event.default);
  const auction = known(bookOf(found, event.currency)?.auction ?? undefined, 'Auction', event.default);
  const others = auction.bids.filter((bid) => bid.account !== event.bid.account || bid.ordinal !== event.bid.ordinal);
  amendBook(state, event.default, event.currency, { auction: { ...auction, bids: [...others, event.bid] } });
}

export function onDefaultAuctionEnded(state: State, event: EventOf<'DefaultAuctionEnded'>): void {
  onPositionChanges(state, event.positions);
  onTransfers(state, event.transfers);
  amendBook(state, event.default, event.currency, { auction: null, lots: [] });
  state.deadlines.set(lotDeadline(event.default, event.currency), undefined);
}
