/** Tier schedules: read, checked, compiled to integers, put in force.  Rules: MT-1, MT-2, MT-4, LP-4 */

import { MOST_DENOMINATOR } from '../../units/bounds';
import { known } from '../../units/failure';
import { type Cash, type Count, instant, RATE_ONE, type Rate } from '../../units/quantity';
import { type Ratio, ratio } from '../../units/ratio';
import { greatestCommonDivisor } from '../../units/rounding';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { TierInput } from '../message/tierInputs';
import type { DisposalLadder } from '../model/ladder';
import type { LiquidationTerms } from '../model/policy';
import type { Currency, Instrument } from '../model/reference';
import type { State, View } from '../model/state';
import type { MarginTier, TierSchedule } from '../model/tiers';
import { noteFormer } from './former';
import { amendListing } from './instruments';
import { readCash, readTerm } from './reading';
import { areRates, mostRateOf, ratesOf, readVariants, shown, variantsOf } from './tierVariants';

interface Bracket {
  readonly floor: Cash;
  readonly cap: Cash | null;
  readonly initial: Ratio;
  readonly maintenance: Ratio;
  readonly deduction: Cash | null;
}

const MOST_TIERS = 64;

/**
 * Errors, in order: INSTRUMENT_NOT_FOUND, VALUE_OUT_OF_RANGE (too many tiers), TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE (an
 * amount), TIERS_RATE_INVALID, TIERS_NOT_CONTIGUOUS, TIERS_NOT_RISING, TIERS_NOT_CONTINUOUS, VALUE_OUT_OF_RANGE,
 * FEE_ABOVE_MAINTENANCE.
 */
export function checkSetTierSchedule(view: View, command: CommandOf<'SetTierSchedule'>): Checked<TierSchedule> {
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const currency = known(view.currencies.get(listing.instrument.settlement), 'Currency', listing.instrument.settlement);

  if (command.tiers.length > MOST_TIERS)
    return refused('VALUE_OUT_OF_RANGE', { field: 'tiers', value: String(command.tiers.length) });
  const brackets: Bracket[] = [];
  for (const [i, input] of command.tiers.entries()) {
    const bracket = readBracket(currency, command, input, i + 1);
    if (bracket.rejection) return bracket;
    brackets.push(bracket.ok);
  }
  const most = mostRateOf(command);
  if (most.rejection) return most;
  const problem = contiguityProblem(brackets) ?? ratesProblem(brackets, most.ok);
  if (problem) return { rejection: problem };
  const variants = readVariants(command, most.ok);
  if (variants.rejection) return variants;
  // Rates that rise with open interest are those of a table.
  if (listing.scaling?.terms.ramp && variantsOf(variants.ok))
    return refused('VALUE_OUT_OF_RANGE', { field: Object.keys(variants.ok)[0] ?? '', value: 'SetOpenInterestScaling' });

  const compiled = compileTiers(brackets);
  // Every requirement is counted in parts of it.
  if (compiled.denominator >= MOST_DENOMINATOR)
    return refused('VALUE_OUT_OF_RANGE', { field: 'denominator', value: 'of all rates' });
  const uneven = statedDeductionsProblem(brackets, compiled);
  if (uneven) return { rejection: uneven };

  if (command.effectiveAt !== null && command.effectiveAt < view.now)
    return refused('VALUE_OUT_OF_RANGE', { field: 'effectiveAt' });
  const version = Math.max(listing.tiers?.version ?? 0, listing.pendingTiers?.version ?? 0) + 1;
  const least = readPerContract(currency, command);
  if (least.rejection) return least;
  const schedule = {
    instrument: command.instrument,
    version,
    effectiveAt: instant(command.effectiveAt ?? view.now),
    ...compiled,
    ...least.ok,
    ...variants.ok,
  };
  for (const policy of [...view.policies.values(), ...view.pendingPolicies.values()]) {
    if (
      policy.currency === currency.id &&
      !leavesRoomForFees(schedule, policy.liquidation, incentiveOn(view, listing.instrument))
    ) {
      return refused('FEE_ABOVE_MAINTENANCE', { policy: policy.id, instrument: command.instrument });
    }
  }
  return ok(schedule);
}

/**
 * What a contract requires whatever its price: nothing where it is not said. Initial margin is never below maintenance.
 * S13
 */
function readPerContract(
  currency: Currency,
  { initialPerContract, maintenancePerContract }: CommandOf<'SetTierSchedule'>,
): Checked<Pick<TierSchedule, 'initialPerContract' | 'maintenancePerContract'>> {
  const initial = readTerm(currency, 'initialPerContract', initialPerContract ?? '0');
  if (initial.rejection) return initial;
  const maintenance = readTerm(currency, 'maintenancePerContract', maintenancePerContract ?? '0');
  if (maintenance.rejection) return maintenance;
  if (maintenance.ok > initial.ok) return refused('VALUE_OUT_OF_RANGE', { field: 'maintenancePerContract' });
  return ok({
    ...(initial.ok > 0n ? { initialPerContract: initial.ok } : {}),
    ...(maintenance.ok > 0n ? { maintenancePerContract: maintenance.ok } : {}),
  });
}

function readBracket(
  currency: Currency,
  command: CommandOf<'SetTierSchedule'>,
  input: TierInput,
  ordinal: Count,
): Checked<Bracket> {
  const floor = readCash(currency, input.floor, 'floor');
  if (floor.rejection) return floor;
  const cap = input.cap === null ? ok(null) : readCash(currency, input.cap, 'cap');
  if (cap.rejection) return cap;
  const deduction = input.deduction === null ? ok(null) : readCash(currency, input.deduction, 'deduction');
  if (deduction.rejection) return deduction;
  const rates = ratesOf(input, command);
  if (!rates) return refused('TIERS_RATE_INVALID', { tier: String(ordinal) });
  return ok({ floor: floor.ok, cap: cap.ok, deduction: deduction.ok, ...rates });
}

// A gap would leave a position without a rate, an overlap with two.
function contiguityProblem(brackets: readonly Bracket[]): Rejection | undefined {
  if (brackets.length === 0) return reject('TIERS_NOT_CONTIGUOUS', { tiers: '0' });
  for (const [i, bracket] of brackets.entries()) {
    const from = i === 0 ? 0n : brackets[i - 1]?.cap;
    const ends = bracket.cap === null ? i === brackets.length - 1 : bracket.cap > bracket.floor;
    if (bracket.floor !== from || !ends) return reject('TIERS_NOT_CONTIGUOUS', { tier: String(i + 1) });
  }
  return undefined;
}

// Ruling 4: the requirement per unit never falls as a position grows, and initial margin is never below maintenance.
function ratesProblem(brackets: readonly Bracket[], most: Ratio): Rejection | undefined {
  for (const [i, { initial, maintenance }] of brackets.entries()) {
    if (!areRates({ initial, maintenance }, most))
      return reject('TIERS_RATE_INVALID', { tier: String(i + 1), ...shown({ initial, maintenance }) });
    const before = brackets[i - 1];
    if (before && (less(initial, before.initial) || less(maintenance, before.maintenance)))
      return reject('TIERS_NOT_RISING', { tier: String(i + 1) });
  }
  return undefined;
}

const less = (a: Ratio, b: Ratio): boolean => a.numerator * b.denominator < b.numerator * a.denominator;

/** Rates over one denominator, and the deduction that lets each tier continue where the one before ended. */
export function compileTiers(
  brackets: readonly Pick<Bracket, 'floor' | 'cap' | 'initial' | 'maintenance'>[],
): Pick<TierSchedule, 'denominator' | 'tiers'> {
  const denominator = brackets
    .flatMap((bracket) => [bracket.initial.denominator, bracket.maintenance.denominator])
    .reduce(leastCommonMultiple, 1n);
  const over = (value: Ratio): bigint => value.numerator * (denominator / value.denominator);
  const tiers: MarginTier[] = [];
  for (const { floor, cap, initial, maintenance } of brackets) {
    const before = tiers.at(-1);
    const initialRate = over(initial);
    const maintenanceRate = over(maintenance);
    tiers.push({
      floor,
      cap,
      initialRate,
      maintenanceRate,
      initialDeduction: before ? before.initialDeduction + floor * (initialRate - before.initialRate) : 0n,
      maintenanceDeduction: before
        ? before.maintenanceDeduction + floor * (maintenanceRate - before.maintenanceRate)
        : 0n,
    });
  }
  return { denominator, tiers };
}

const leastCommonMultiple = (a: bigint, b: bigint): bigint => (a / greatestCommonDivisor(a, b)) * b;

function statedDeductionsProblem(
  brackets: readonly Bracket[],
  { denominator, tiers }: Pick<TierSchedule, 'denominator' | 'tiers'>,
): Rejection | undefined {
  for (const [i, { deduction }] of brackets.entries()) {
    const due = tiers[i]?.maintenanceDeduction ?? 0n;
    if (deduction !== null && deduction * denominator !== due)
      return reject('TIERS_NOT_CONTINUOUS', { tier: String(i + 1) });
  }
  return undefined;
}

/**
 * The highest share of the notional that a liquidation can cost: cost fee and the steepest penalty, however severe and
 * often repeated.  Rule: LP-4
 */
export function steepestCharge(terms: LiquidationTerms): Rate {
  const penalties = terms.penaltyTiers.map((tier) => tier.rate as bigint);
  const steepest = penalties.reduce((most, next) => (next > most ? next : most), 0n);
  const severest = (terms.severityTiers ?? []).reduce((most, { rate }) => (rate > most ? rate : most), 0n);
  return (terms.feeRate + steepest + severest + terms.repeatSurcharge * BigInt(terms.repeatMaximum)) as Rate;
}

/**
 * The most that the ladder of an instrument adds to what closing costs: a liquidator's reward, or a provider's
 * discount.
 */
export function incentiveOn({ ladders }: View, { id, settlement }: Instrument): Rate {
  const ladder = ladders.get(`instrument/${id}`) ?? ladders.get(`currency/${settlement}`);
  return steepestIncentive(ladder?.rungs ?? []);
}

export const steepestIncentive = (rungs: DisposalLadder['rungs']): Rate =>
  rungs.reduce<Rate>((most, { method, offer, slippage }) => {
    const rate = offer?.maximumRate ?? (method === 'BACKSTOP' ? slippage : null);
    return rate !== null && rate > most ? rate : most;
  }, 0n as Rate);

/**
 * Whether closing a part can ever restore the account: charge and incentive stay below the lowest maintenance rate.
 * Rule: LP-4
 */
export function leavesRoomForFees(
  schedule: Pick<TierSchedule, 'denominator' | 'tiers' | 'short'>,
  terms: LiquidationTerms,
  incentive: Rate = 0n as Rate,
): boolean {
  const long = ratio(schedule.tiers[0]?.maintenanceRate ?? 0n, schedule.denominator);
  const short = schedule.short?.maintenanceRate ?? long;
  return [long, short].every(
    ({ numerator, denominator }) => (steepestCharge(terms) + incentive) * denominator < numerator * RATE_ONE,
  );
}

export const setTierSchedule = (desk: Desk, schedule: TierSchedule): void => {
  desk.emit({ type: 'TierScheduleSet', schedule });
  if (schedule.effectiveAt <= desk.at)
    desk.emit({ type: 'TierScheduleActivated', instrument: schedule.instrument, version: schedule.version });
};

export function onTierScheduleSet(state: State, { schedule }: EventOf<'TierScheduleSet'>): void {
  amendListing(state, schedule.instrument, { pendingTiers: schedule });
  state.deadlines.set(`tiers/${schedule.instrument}`, schedule.effectiveAt);
}

export function onTierScheduleActivated(state: State, event: EventOf<'TierScheduleActivated'>): void {
  const listing = known(state.listings.get(event.instrument), 'Instrument', event.instrument);
  if (listing.tiers) noteFormer(state, 'listings', event.instrument, { tiers: listing.tiers });
  amendListing(state, event.instrument, {
    tiers: known(listing.pendingTiers ?? undefined, 'Pending tiers', event.instrument),
    pendingTiers: null,
  });
  state.deadlines.set(`tiers/${event.instrument}`, undefined);
  for (const account of state.book.holders(event.instrument)) state.due.add(account);
}

/** The tier a notional lies in: a border belongs to the lower tier.  */
export function tierAt(schedule: TierSchedule, notional: bigint): MarginTier {
  const tier = schedule.tiers.find(({ cap }) => cap === null || notional <= cap) ?? schedule.tiers.at(-1);
  return known(tier, 'Tier', schedule.instrument);
}

/** The leverage a tier allows: one over its initial rate, as a ratio. */
export const maximumLeverageOf = (schedule: TierSchedule, tier: MarginTier): Ratio =>
  ratio(schedule.denominator, tier.initialRate);
