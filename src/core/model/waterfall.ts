/** The default waterfall: cases and claims, the default fund and its calls, coverage, the backstop pool, pools of instruments. */

import type { Cash, Duration, Instant, Rate } from '../../units/quantity';
import type { AccountId, MemberId } from './account';
import type { LayerUse } from './liquidation';
import type { SocializationBase } from './policy';
import type { CurrencyId, InstrumentId } from './reference';

export type CaseId = string;
export type FundCallId = string;
export type PoolId = string;

/** By what a layer is shared among its payers. */
export type ClaimBase = SocializationBase | 'CONTRIBUTION' | 'BALANCE' | 'SPARE_COLLATERAL' | 'FREE_COLLATERAL' | 'PROFIT';

/** What one payer bore of a case, and what of it has come back. The claim still running is the difference.  Rule: SL-4 */
export interface LossClaim {
  readonly layer: string;
  readonly claimant: string; // ledger name that paid, and to which recoveries go
  readonly base: ClaimBase; // by what the layer was shared among its payers
  readonly weight: Cash; // the payer's base
  readonly cap: Cash; // the most it could be asked
  readonly amount: Cash; // what it bore
  readonly repaid: Cash;
}

/** AWAITING_ASSESSMENTS: part of the loss stands unallocated until called members have paid or their time is up. */
export type CaseStatus = 'BORNE' | 'UNALLOCATED' | 'AWAITING_ASSESSMENTS';

/** A default and who bears it.  Rules: B3-1, SL-4 */
export interface DefaultCase {
  readonly id: CaseId;
  readonly account: AccountId;
  readonly currency: CurrencyId;
  readonly instrument: InstrumentId | null; // whose pool bears
  readonly loss: Cash;
  readonly layers: readonly LayerUse[];
  readonly claims: readonly LossClaim[];
  readonly unallocated: Cash; // of the loss, still on the books
  readonly status: CaseStatus;
  readonly policyVersion: number;
}

/** How far an instrument's price moves in the stress that sizes the default fund, as shares of the mark. */
export interface StressMove {
  readonly instrument: InstrumentId;
  readonly up: Rate;
  readonly down: Rate;
}

export type Weekday = 'SUNDAY' | 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY';

/** By what the default fund is sized, called and measured, per currency.  Rules: LCS-4, RB-2 */
export interface DefaultFundPolicy {
  readonly currency: CurrencyId;
  readonly version: number;
  readonly moves: readonly StressMove[];
  readonly floor: Cash; // the least a member contributes
  readonly threshold: Rate; // coverage below this share of cover-2 is short
  readonly feeShare: Rate; // of the house's part of liquidation fees, to the insurance fund while coverage is short
  readonly multiple: Rate; // assessments of a capped period: at most this many times the contribution
  readonly cappedPeriod: Duration;
  readonly coolingOff: Duration; // after a member was assessed up to its cap nothing more is asked for so long
  readonly within: number; // business days to pay a call
  readonly weekend: readonly Weekday[];
  readonly holidays: readonly string[]; // dates, YYYY-MM-DD
  readonly computedAt: Duration; // of the day, UTC
}

/** REPLENISHMENT brings a contribution to its requirement; ASSESSMENT pays for a loss.  Rule: LCS-4 */
export interface FundCall {
  readonly id: FundCallId;
  readonly kind: 'REPLENISHMENT' | 'ASSESSMENT';
  readonly member: MemberId;
  readonly currency: CurrencyId;
  readonly case: CaseId | null; // of an assessment
  readonly amount: Cash;
  readonly full: boolean; // of an assessment: all that could be asked of the member, which cools off after it
  readonly paid: Cash;
  readonly issuedAt: Instant;
  readonly deadline: Instant;
}

/** An assessment that counts against the cap of a member's period. */
export interface Assessed {
  readonly issuedAt: Instant;
  readonly amount: Cash;
  readonly full: boolean; // the cap was reached by it
}

export interface MemberCover {
  readonly member: MemberId;
  readonly initial: Cash; // initial margin of its accounts
  readonly up: Cash; // loss over collateral when prices rise
  readonly down: Cash; // and when they fall
  readonly requirement: Cash;
  readonly contribution: Cash;
}

/** What a member's accounts come to under stress. */
export type StressedMember = Pick<MemberCover, 'member' | 'initial' | 'up' | 'down'>;

/** A coverage that is being worked off: accounts counted so far, and where to go on. */
export interface CoverageRun {
  readonly next: number; // place in the book
  readonly stressed: readonly StressedMember[]; // by id
}

/** Funds and pools against the largest and the two largest members under stress.  Rule: RB-2 */
export interface Coverage {
  readonly currency: CurrencyId;
  readonly policyVersion: number;
  readonly computedAt: Instant;
  readonly cover1: Cash;
  readonly cover2: Cash;
  readonly fund: Cash; // the default fund
  readonly pools: Cash; // the insurance fund and its pools
  readonly short: boolean; // below the threshold
  readonly members: readonly MemberCover[];
}

/** Income per unit of product in an epoch and power, from which contributors count theirs. */
export interface BackstopSum {
  readonly epoch: bigint;
  readonly power: bigint;
  readonly sum: bigint;
}

/** A pool of contributors that bears losses and earns income, each in one step however many there are. */
export interface BackstopPool {
  readonly currency: CurrencyId;
  readonly product: bigint; // what is left of one unit contributed at the beginning of the epoch
  readonly epoch: bigint; // how often the pool was emptied
  readonly power: bigint; // how often the product was scaled up
  readonly total: Cash; // all contributions as they are now
  readonly recognised: Cash; // income shared out so far and still there
  readonly carry: bigint; // income too small to share, with the next
  readonly sums: readonly BackstopSum[];
}

/** A contributor as of its last act: everything since then follows from the pool. */
export interface BackstopEntry {
  readonly account: AccountId;
  readonly contribution: Cash;
  readonly accrued: Cash; // income counted and not yet taken
  readonly product: bigint;
  readonly epoch: bigint;
  readonly power: bigint;
  readonly sum: bigint;
}

/** An insurance fund of its own for a group of instruments.  Rule: B3-1 */
export interface InsurancePool {
  readonly id: PoolId;
  readonly version: number;
  readonly currency: CurrencyId;
  readonly instruments: readonly InstrumentId[];
  readonly cap: Cash | null; // the most one market draws in one event
  readonly thenGeneral: boolean; // whether the currency's insurance fund bears behind it
}
