/**
 * Auction policies, and the breaker that anybody entitled may tighten and only officers loosen.  Rules: CA-1, CA-4, S04
 */

import { toScaled } from '../../units/decimal';
import { type Count, duration, type Milliseconds, RATE_ONE } from '../../units/quantity';
import { AUCTION_BREAKERS } from '../message/auction';
import type { CurveInput } from '../message/auctionCommands';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, type Rejection, refused } from '../message/rejection';
import type { Actor } from '../model/actor';
import type { AuctionCurve, AuctionPolicy } from '../model/auction';
import type { CurrencyId } from '../model/reference';
import type { State, View } from '../model/state';
import { LONGEST_WINDOW } from './policies';
import { readCash, readRate, readSpan, readTerm, readWhole } from './reading';

export interface PolicyChange {
  readonly terms: AuctionPolicy;
  readonly reason: string | null;
}

/** Digits after the point of factors and of prices in auctions. */
const DIGITS = 27;
const ONE = 10n ** BigInt(DIGITS);

/** Reads several fields with one reader, up to the first that is wrong. */
function readAll<Given, Name extends string, Value>(
  command: { readonly [N in Name]: Given },
  names: readonly Name[],
  read: (name: Name, given: Given) => Checked<Value>,
): Checked<{ readonly [N in Name]: Value }> {
  const values: [Name, Value][] = [];
  for (const name of names) {
    const value = read(name, command[name]);
    if (value.rejection) return value;
    values.push([name, value.ok as Value]);
  }
  return ok(Object.fromEntries(values) as { readonly [N in Name]: Value });
}

/** Errors: CURRENCY_NOT_FOUND, then for each field VALUE_OUT_OF_RANGE or TOO_MANY_DIGITS, and CURVE_INVALID. */
export function checkSetAuctionPolicy(view: View, command: CommandOf<'SetAuctionPolicy'>): Checked<PolicyChange> {
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const curve = readCurve(command.curve);
  if (curve.rejection) return curve;
  const priceFloorShare = readFactor('priceFloorShare', command.priceFloorShare);
  if (priceFloorShare.rejection) return priceFloorShare;
  const multipliers = readAll(command, ['startMultiplier', 'penaltyMultiplier'], (name, text: string) =>
    readRate(name, text, name === 'penaltyMultiplier' ? RATE_ONE : 1n, 10n * RATE_ONE),
  );
  if (multipliers.rejection) return multipliers;
  const shares = readAll(command, ['resetRewardRate', 'increment', 'badBidShare'], (name, text: string) =>
    readRate(name, text),
  );
  if (shares.rejection) return shares;
  const discountShare = readRate('discountShare', command.discountShare ?? '0');
  if (discountShare.rejection) return discountShare;
  const reserveShare = readRate('reserveShare', command.reserveShare, 1n);
  if (reserveShare.rejection) return reserveShare;
  const amounts = readAll(command, ['resetReward', 'minimumDebt', 'fundCap'], (name, text: string) =>
    readTerm(currency, name, text),
  );
  if (amounts.rejection) return amounts;
  const caps = readAll(command, ['valueCap', 'lotCap'], (name, text: string) => {
    const cap = readCash(currency, text);
    return cap.rejection || cap.ok > 0n ? cap : refused('VALUE_OUT_OF_RANGE', { field: name, value: text });
  });
  if (caps.rejection) return caps;
  const spans = readAll(command, ['roundDuration', 'minimumTime', 'extension'], (name, ms: Milliseconds) =>
    readSpan(name, ms, name === 'roundDuration' ? 1000 : 0, LONGEST_WINDOW),
  );
  if (spans.rejection) return spans;
  const counts = readAll(command, ['rounds', 'minimumBidders'], (name, n: Count) => readWhole(name, n, 1, 100));
  if (counts.rejection) return counts;
  const before = view.auctionPolicies.get(currency.id);
  const { roundDuration, minimumTime, extension } = spans.ok;
  const terms: AuctionPolicy = {
    currency: currency.id,
    version: (before?.version ?? 0) + 1,
    form: command.form,
    curve: curve.ok,
    priceFloorShare: priceFloorShare.ok,
    ...multipliers.ok,
    ...shares.ok,
    ...(discountShare.ok > 0n ? { discountShare: discountShare.ok } : {}),
    reserveShare: reserveShare.ok,
    ...amounts.ok,
    ...(command.capBase ? { capBase: command.capBase } : {}),
    ...caps.ok,
    ...counts.ok,
    roundDuration: duration(roundDuration),
    minimumTime: duration(minimumTime),
    extension: duration(extension),
    breaker: before?.breaker ?? 0,
  };
  return ok({ terms, reason: null });
}

function readFactor(field: string, text: string | null | undefined): Checked<bigint> {
  if (text === null || text === undefined) return refused('CURVE_INVALID', { field });
  const value = toScaled(text, DIGITS);
  if (value === undefined) return refused('TOO_MANY_DIGITS', { field, value: text, digits: String(DIGITS) });
  return value < 0n || value > ONE ? refused('VALUE_OUT_OF_RANGE', { field, value: text }) : ok(value);
}

const readCurveSpan = (field: string, ms: Milliseconds | null | undefined): Checked<number> =>
  ms === null || ms === undefined ? refused('CURVE_INVALID', { field }) : readSpan(field, ms, 1, LONGEST_WINDOW);

/** A factor of one would never fall, and one of nothing would be a gift. */
function readStepFactor(text: string | null | undefined): Checked<bigint> {
  const factor = readFactor('stepFactor', text);
  return factor.rejection || (factor.ok > 0n && factor.ok < ONE)
    ? factor
    : refused('CURVE_INVALID', { field: 'stepFactor' });
}

export function readCurve(input: CurveInput): Checked<AuctionCurve> {
  switch (input.shape) {
    case 'LINEAR': {
      const span = readCurveSpan('duration', input.duration);
      return span.rejection ? span : ok({ shape: 'LINEAR', duration: duration(span.ok) });
    }
    case 'STAIRSTEP': {
      const factor = readStepFactor(input.stepFactor);
      if (factor.rejection) return factor;
      const step = readCurveSpan('step', input.step);
      return step.rejection ? step : ok({ shape: 'STAIRSTEP', stepFactor: factor.ok, step: duration(step.ok) });
    }
    case 'EXPONENTIAL': {
      const factor = readStepFactor(input.stepFactor);
      return factor.rejection ? factor : ok({ shape: 'EXPONENTIAL', stepFactor: factor.ok });
    }
    case 'FIXED':
      return ok({ shape: 'FIXED' });
    case 'TWO_SPEED': {
      const factors = [readFactor('start', input.start), readFactor('cutoff', input.cutoff)] as const;
      const spans = [readCurveSpan('fast', input.fast), readCurveSpan('slow', input.slow)] as const;
      const wrong = [...factors, ...spans].find(
        (read): read is { readonly rejection: Rejection } => read.rejection !== undefined,
      );
      if (wrong) return wrong;
      const [start, cutoff] = [factors[0].ok ?? 0n, factors[1].ok ?? 0n];
      if (cutoff > start) return refused('CURVE_INVALID', { field: 'cutoff' });
      return ok({
        shape: 'TWO_SPEED',
        start,
        cutoff,
        fast: duration(spans[0].ok ?? 1),
        slow: duration(spans[1].ok ?? 1),
      });
    }
  }
}

/** Errors, in order: AUCTION_POLICY_NOT_FOUND, VALUE_OUT_OF_RANGE, OFFICER_NEEDED. */
export function checkSetAuctionBreaker(
  view: View,
  { currency, level, reason }: CommandOf<'SetAuctionBreaker'>,
  actor: Actor,
): Checked<PolicyChange> {
  const before = view.auctionPolicies.get(currency);
  if (!before) return refused('AUCTION_POLICY_NOT_FOUND', { currency });
  const breaker = AUCTION_BREAKERS.find((known) => known === level);
  if (breaker === undefined) return refused('VALUE_OUT_OF_RANGE', { field: 'level', value: String(level) });
  // Whoever sees that something is wrong may stop it; to go on takes an officer.
  const officer = actor.role === 'ADMIN' || actor.role === 'RISK_OFFICER' || actor.role === 'SYSTEM';
  if (breaker < before.breaker && !officer) return refused('OFFICER_NEEDED', { role: actor.role });
  return ok({ terms: { ...before, version: before.version + 1, breaker }, reason });
}

export const setAuctionPolicy = (desk: Desk, { terms, reason }: PolicyChange): void =>
  desk.emit({ type: 'AuctionPolicySet', terms, reason });

export function onAuctionPolicySet(state: State, { terms }: EventOf<'AuctionPolicySet'>): void {
  state.auctionPolicies.set(terms.currency, terms);
  auctionsMoved(state, terms.currency);
}

/** Auctions in a currency, of one lot where it is named, are looked at again, and whether there is room for more. */
export function auctionsMoved(state: State, currency: CurrencyId, lot?: CurrencyId): void {
  if (state.auctions.size === 0) return;
  for (const auction of state.auctions.values())
    if (auction.currency === currency && (lot === undefined || auction.lotCurrency === lot))
      state.auctionsMoved.add(auction.id);
  state.capacityMoved.add(currency);
}
