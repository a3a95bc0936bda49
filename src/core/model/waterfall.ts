/**
 * The default waterfall: cases and claims, the default fund and its calls, coverage, the backstop pool, pools of
 * instruments.
 */

import type { Cash, Instant } from '../../units/quantity';
import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';
import type { MemberId } from './account';
import { LAYER_USE } from './liquidation';
import type { SocializationBase } from './policy';

export type CaseId = string;
export type FundCallId = string;
export type PoolId = string;

/** By what a layer is shared among its payers. */
export type ClaimBase =
  | SocializationBase
  | 'CONTRIBUTION'
  | 'BALANCE'
  | 'SPARE_COLLATERAL'
  | 'FREE_COLLATERAL'
  | 'PROFIT';

/**
 * What one payer bore of a case, and what of it has come back. The claim still running is the difference.  Rule: SL-4
 */
export const LOSS_CLAIM = kind.record({
  layer: kind.text(),
  claimant: kind.text(), // ledger name that paid, and to which recoveries go
  base: kind.text<ClaimBase>(), // by what the layer was shared among its payers
  weight: kind.cash('currency'), // the payer's base
  cap: kind.cash('currency'), // the most it could be asked
  amount: kind.cash('currency'), // what it bore
  // since when what the payer did was not counted in its base, where it acted while the debt was open
  actedSince: kind.optional(kind.instant()),
  repaid: kind.cash('currency'),
});
export type LossClaim = RecordOf<typeof LOSS_CLAIM>;

/** AWAITING_ASSESSMENTS: part of the loss stands unallocated until called members have paid or their time is up. */
export type CaseStatus = 'BORNE' | 'UNALLOCATED' | 'AWAITING_ASSESSMENTS';

/** A default and who bears it.  Rules: B3-1, SL-4 */
export const LOSS_CASE = kind.record({
  id: kind.text<CaseId>(),
  account: kind.account(),
  currency: kind.currency(),
  instrument: kind.nullable(kind.instrument()), // whose pool bears
  loss: kind.cash('currency'),
  layers: kind.list(LAYER_USE),
  claims: kind.list(LOSS_CLAIM),
  unallocated: kind.cash('currency'), // of the loss, still on the books
  status: kind.text<CaseStatus>(),
  policyVersion: kind.count(),
});
export type LossCase = RecordOf<typeof LOSS_CASE>;

/** How far an instrument's price moves in the stress that sizes the default fund, as shares of the mark. */
export const STRESS_MOVE = kind.record({
  instrument: kind.instrument(),
  up: kind.rate(),
  down: kind.rate(),
});
export type StressMove = RecordOf<typeof STRESS_MOVE>;

export const WEEKDAY = choice('Weekday', 'A day of the week, UTC.', {
  SUNDAY: 'Sunday.',
  MONDAY: 'Monday.',
  TUESDAY: 'Tuesday.',
  WEDNESDAY: 'Wednesday.',
  THURSDAY: 'Thursday.',
  FRIDAY: 'Friday.',
  SATURDAY: 'Saturday.',
});
export type Weekday = ChoiceOf<typeof WEEKDAY>;

/** By what the default fund is sized, called and measured, per currency.  Rules: LCS-4, RB-2 */
export const DEFAULT_FUND_POLICY = kind.record({
  currency: kind.currency(),
  version: kind.count(),
  moves: kind.list(STRESS_MOVE),
  floor: kind.cash('currency'), // the least a member contributes
  threshold: kind.rate(), // coverage below this share of cover-2 is short
  feeShare: kind.rate(), // of the house's part of liquidation fees, to the insurance fund while coverage is short
  multiple: kind.rate(), // assessments of a capped period: at most this many times the contribution
  cappedPeriod: kind.span(),
  coolingOff: kind.span(), // after a member was assessed up to its cap nothing more is asked for so long
  within: kind.count(), // business days to pay a call
  weekend: kind.list(kind.text<Weekday>()),
  holidays: kind.list(kind.text()), // dates, YYYY-MM-DD
  computedAt: kind.span(), // of the day, UTC
});
export type DefaultFundPolicy = RecordOf<typeof DEFAULT_FUND_POLICY>;

/** REPLENISHMENT brings a contribution to its requirement; ASSESSMENT pays for a loss.  Rule: LCS-4 */
export const FUND_CALL = kind.record({
  id: kind.text<FundCallId>(),
  kind: kind.text<'REPLENISHMENT' | 'ASSESSMENT'>(),
  member: kind.text<MemberId>(),
  currency: kind.currency(),
  case: kind.nullable(kind.text<CaseId>()), // of an assessment
  amount: kind.cash('currency'),
  full: kind.flag(), // of an assessment: all that could be asked of the member, which cools off after it
  paid: kind.cash('currency'),
  issuedAt: kind.instant(),
  deadline: kind.instant(),
});
export type FundCall = RecordOf<typeof FUND_CALL>;

/** An assessment that counts against the cap of a member's period. */
export interface Assessed {
  readonly issuedAt: Instant;
  readonly amount: Cash;
  readonly full: boolean; // the cap was reached by it
}

/** What a member's accounts come to under stress. */
export const STRESSED_MEMBER = kind.record({
  member: kind.text<MemberId>(),
  initial: kind.cash('currency'), // initial margin of its accounts
  up: kind.cash('currency'), // loss over collateral when prices rise
  down: kind.cash('currency'), // and when they fall
});
export type StressedMember = RecordOf<typeof STRESSED_MEMBER>;

export const MEMBER_COVER = kind.record({
  ...STRESSED_MEMBER.fields,
  requirement: kind.cash('currency'),
  contribution: kind.cash('currency'),
});
export type MemberCover = RecordOf<typeof MEMBER_COVER>;

/** A coverage that is being worked off: accounts counted so far, and where to go on. */
export const COVERAGE_RUN = kind.record({
  next: kind.count(), // place in the book
  stressed: kind.list(STRESSED_MEMBER), // by id
});
export type CoverageRun = RecordOf<typeof COVERAGE_RUN>;

/** Funds and pools against the largest and the two largest members under stress.  Rule: RB-2 */
export const COVERAGE = kind.record({
  currency: kind.currency(),
  policyVersion: kind.count(),
  computedAt: kind.instant(),
  cover1: kind.cash('currency'),
  cover2: kind.cash('currency'),
  fund: kind.cash('currency'), // the default fund
  pools: kind.cash('currency'), // the insurance fund and its pools
  short: kind.flag(), // below the threshold
  members: kind.list(MEMBER_COVER),
});
export type Coverage = RecordOf<typeof COVERAGE>;

/** Income per unit of product in an epoch and power, from which contributors count theirs. */
export const BACKSTOP_SUM = kind.record({
  epoch: kind.integer(),
  power: kind.integer(),
  sum: kind.integer(),
});
export type BackstopSum = RecordOf<typeof BACKSTOP_SUM>;

/** A pool of contributors that bears losses and earns income, each in one step however many there are. */
export const BACKSTOP_POOL = kind.record({
  currency: kind.currency(),
  product: kind.integer(), // what is left of one unit contributed at the beginning of the epoch
  epoch: kind.integer(), // how often the pool was emptied
  power: kind.integer(), // how often the product was scaled up
  total: kind.cash('currency'), // all contributions as they are now
  recognised: kind.cash('currency'), // income shared out so far and still there
  carry: kind.integer(), // income too small to share, with the next
  sums: kind.list(BACKSTOP_SUM),
});
export type BackstopPool = RecordOf<typeof BACKSTOP_POOL>;

/** A contributor as of its last act: everything since then follows from the pool. */
export const BACKSTOP_ENTRY = kind.record({
  account: kind.account(),
  contribution: kind.cash('account'),
  accrued: kind.cash('account'), // income counted and not yet taken
  product: kind.integer(),
  epoch: kind.integer(),
  power: kind.integer(),
  sum: kind.integer(),
});
export type BackstopEntry = RecordOf<typeof BACKSTOP_ENTRY>;

/** Lots of an instrument that an account has bought (above zero) or sold, all in all. */
const TRADED = kind.record({
  instrument: kind.instrument(),
  lots: kind.size('instrument'),
});

/**
 * What an account has done since it first acted while a debt was open: without it, it has what it had.  Ruling 14
 */
export const KEPT_WEIGHT = kind.record({
  account: kind.account(),
  since: kind.instant(), // when it first did
  left: kind.cash('account'), // what it took out and put elsewhere, less what it brought in   [signed]
  traded: kind.list(TRADED), // by instrument   [signed]
});
export type KeptWeight = RecordOf<typeof KEPT_WEIGHT>;

/** An insurance fund of its own for a group of instruments.  Rule: B3-1 */
export const INSURANCE_POOL = kind.record({
  id: kind.text<PoolId>(),
  version: kind.count(),
  currency: kind.currency(),
  instruments: kind.list(kind.instrument()),
  cap: kind.nullable(kind.cash('currency')), // the most one market draws in one event
  thenGeneral: kind.flag(), // whether the currency's insurance fund bears behind it
});
export type InsurancePool = RecordOf<typeof INSURANCE_POOL>;
