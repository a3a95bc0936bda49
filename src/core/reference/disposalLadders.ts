/**
 * Disposal ladders as policy: read, checked, set, and found for an instrument. The ladder of an instrument goes before
 * that of its currency; without either an instrument has the two rungs it always had, the venue and then the house.
 * Rule: X-6
 */

import { duration, RATE_ONE, type Rate } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { OfferTermsInput, RungInput } from '../message/ladderCommands';

import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { DisposalLadder, LadderId, LadderMethod, OfferTerms, Rung } from '../model/ladder';
import type { Currency, Instrument, InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import { LONGEST_WINDOW } from './policies';
import { readRate, readSpan, readTerm } from './reading';
import { leavesRoomForFees, steepestIncentive } from './tiers';

const MOST_RUNGS = 12;
const MOST_URGENT = 100n * RATE_ONE;
/** Methods that take everything there is, at once, and so may be the last. */
const LAST: readonly LadderMethod[] = ['HOUSE', 'DELEVERAGING'];
/** Methods on which an order stands for a time, so that it may go out in slices. */
const TIMED: readonly LadderMethod[] = ['VENUE', 'LIQUIDATORS'];
const AVAILABLE: readonly LadderMethod[] = ['VENUE', 'LIQUIDATORS', 'AUCTION', 'BACKSTOP', 'HOUSE', 'DELEVERAGING'];

/** The ladder an instrument's reductions go down; none: venue, then house, as its margin policy says. */
export function ladderFor({ ladders }: View, { id, settlement }: Instrument): DisposalLadder | undefined {
  return ladders.size === 0 ? undefined : (ladders.get(`instrument/${id}`) ?? ladders.get(`currency/${settlement}`));
}

/**
 * Errors, in order: CURRENCY_NOT_FOUND, INSTRUMENT_NOT_FOUND, CURRENCY_MISMATCH, METHOD_NOT_AVAILABLE, LADDER_INVALID,
 * TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE, FEE_ABOVE_MAINTENANCE.
 */
export function checkSetDisposalLadder(view: View, command: CommandOf<'SetDisposalLadder'>): Checked<DisposalLadder> {
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const problem = instrumentProblem(view, currency, command.instrument) ?? methodsProblem(command.rungs);
  if (problem) return { rejection: problem };
  const rungs: Rung[] = [];
  for (const input of command.rungs) {
    const rung = readRung(currency, input);
    if (rung.rejection) return rung;
    rungs.push(rung.ok);
  }
  const id: LadderId = command.instrument === null ? `currency/${currency.id}` : `instrument/${command.instrument}`;
  const crowded = roomProblem(view, command, rungs);
  if (crowded) return { rejection: crowded };
  const version = (view.ladders.get(id)?.version ?? 0) + 1;
  return ok({ id, currency: currency.id, instrument: command.instrument, version, rungs });
}

function instrumentProblem(view: View, currency: Currency, id: InstrumentId | null): Rejection | undefined {
  if (id === null) return undefined;
  const listing = view.listings.get(id);
  if (!listing) return reject('INSTRUMENT_NOT_FOUND', { instrument: id });
  const { settlement } = listing.instrument;
  return settlement === currency.id
    ? undefined
    : reject('CURRENCY_MISMATCH', { instrument: settlement, currency: currency.id });
}

function methodsProblem(rungs: readonly RungInput[]): Rejection | undefined {
  const missing = rungs.find(({ method }) => !AVAILABLE.includes(method));
  if (missing) return reject('METHOD_NOT_AVAILABLE', { method: missing.method });
  const methods = rungs.map(({ method }) => method);
  const last = rungs.at(-1);
  // What the last rung leaves would be nobody's.
  const closed = last && LAST.includes(last.method) && last.marketCap === null && last.globalCap === null;
  if (!closed || rungs.length > MOST_RUNGS || new Set(methods).size !== methods.length) {
    return reject('LADDER_INVALID', { methods: methods.join(',') });
  }
  const odd = rungs.find(
    ({ method, offer, window, slippage, maximumShareOfDepth, urgency }) =>
      (method === 'LIQUIDATORS') !== (offer !== null) ||
      // Only an order that stands for a time has a window and comes in slices; what is done at once is done whole.
      (!TIMED.includes(method) && (window !== null || maximumShareOfDepth !== null)) ||
      (method === 'LIQUIDATORS' && window === null) ||
      (method === 'BACKSTOP') !== (slippage !== null && method !== 'VENUE') ||
      ((urgency ?? null) !== null && (method !== 'VENUE' || slippage === null)),
  );
  return odd && reject('LADDER_INVALID', { method: odd.method });
}

/**
 * No reward or discount may make closing cost as much as it frees, under any policy and any tiers in force or to come.
 * LP-4
 */
function roomProblem(
  view: View,
  { currency, instrument }: CommandOf<'SetDisposalLadder'>,
  rungs: readonly Rung[],
): Rejection | undefined {
  const incentive = steepestIncentive(rungs);
  if (incentive === 0n) return undefined;
  const policies = [...view.policies.values(), ...view.pendingPolicies.values()].filter(
    (policy) => policy.currency === currency,
  );
  for (const { instrument: listed, tiers, pendingTiers } of view.listings.values()) {
    const concerned =
      instrument === null
        ? listed.settlement === currency && !view.ladders.has(`instrument/${listed.id}`)
        : listed.id === instrument;
    if (!concerned) continue;
    for (const schedule of [tiers, pendingTiers]) {
      const policy =
        schedule && policies.find(({ liquidation }) => !leavesRoomForFees(schedule, liquidation, incentive));
      if (policy) return reject('FEE_ABOVE_MAINTENANCE', { policy: policy.id, instrument: listed.id });
    }
  }
  return undefined;
}

function readRung(currency: Currency, input: RungInput): Checked<Rung> {
  const window = input.window === null ? ok(null) : readSpan('window', input.window, 0, LONGEST_WINDOW);
  if (window.rejection) return window;
  const market = input.marketCap === null ? ok(null) : readTerm(currency, 'marketCap', input.marketCap);
  if (market.rejection) return market;
  const global = input.globalCap === null ? ok(null) : readTerm(currency, 'globalCap', input.globalCap);
  if (global.rejection) return global;
  const share =
    input.maximumShareOfDepth === null ? ok(null) : readRate('maximumShareOfDepth', input.maximumShareOfDepth, 1n);
  if (share.rejection) return share;
  const slippage = input.slippage === null ? ok(null) : readRate('slippage', input.slippage);
  if (slippage.rejection) return slippage;
  const urgency =
    (input.urgency ?? null) === null ? ok(null) : readRate('urgency', input.urgency ?? '', 1n, MOST_URGENT);
  if (urgency.rejection) return urgency;
  const offer = input.offer === null ? ok(null) : readOffer(currency, input.offer);
  if (offer.rejection) return offer;
  return ok({
    method: input.method,
    window: window.ok === null ? null : duration(window.ok),
    marketCap: market.ok,
    globalCap: global.ok,
    maximumShareOfDepth: share.ok,
    slippage: slippage.ok,
    offer: offer.ok,
    ...(urgency.ok !== null && { urgency: urgency.ok }),
  });
}

function readOffer(currency: Currency, input: OfferTermsInput): Checked<OfferTerms> {
  const amounts: Record<string, OfferTerms['flat']> = {};
  for (const field of ['flat', 'expense', 'minimumProfit', 'claimPenalty', 'minimumDeposit'] as const) {
    const amount = readTerm(currency, field, input[field]);
    if (amount.rejection) return amount;
    amounts[field] = amount.ok;
  }
  const rates: Record<string, Rate> = {};
  for (const field of ['startRate', 'ratePerSecond', 'maximumRate', 'profitRate'] as const) {
    const value = readRate(field, input[field], 0n, field === 'profitRate' ? 100n * RATE_ONE : RATE_ONE);
    if (value.rejection) return value;
    rates[field] = value.ok;
  }
  const rewardCap = input.rewardCap === null ? ok(null) : readTerm(currency, 'rewardCap', input.rewardCap);
  if (rewardCap.rejection) return rewardCap;
  for (const field of ['grace', 'claimWindow'] as const) {
    const span = readSpan(field, input[field], field === 'claimWindow' ? 1 : 0, LONGEST_WINDOW);
    if (span.rejection) return span;
  }
  const known = { ...amounts, ...rates } as Pick<
    OfferTerms,
    'flat' | 'expense' | 'minimumProfit' | 'claimPenalty' | 'minimumDeposit'
  > &
    Pick<OfferTerms, 'startRate' | 'ratePerSecond' | 'maximumRate' | 'profitRate'>;
  if (known.maximumRate < known.startRate)
    return refused('VALUE_OUT_OF_RANGE', { field: 'maximumRate', value: input.maximumRate });
  return ok({
    ...known,
    rewardCap: rewardCap.ok,
    grace: duration(input.grace),
    claimWindow: duration(input.claimWindow),
  });
}

export const setDisposalLadder = (desk: Desk, terms: DisposalLadder): void =>
  desk.emit({ type: 'DisposalLadderSet', terms });

export function onDisposalLadderSet(state: State, { terms }: EventOf<'DisposalLadderSet'>): void {
  state.ladders.set(terms.id, terms);
}
