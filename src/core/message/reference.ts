/** Commands and events that define what is cleared, on which terms, and for whom. Amounts in commands are decimal strings. */

import { kind } from '../kind/kind';
import type { MemberId } from '../model/account';
import { ACCOUNT } from '../model/account';
import type { PolicyId } from '../model/policy';
import { DISPOSAL_POLICY, LOSS_POLICY, MARGIN_POLICY } from '../model/policy';
import type { InstrumentStatus } from '../model/reference';
import { COLLATERAL_TERMS, CURRENCY, HALT, INSTRUMENT, PRICE_INDEX } from '../model/reference';
import { TIER_SCHEDULE } from '../model/tiers';

export const REFERENCE_EVENTS = kind.events({
  CurrencyDefined: { definition: kind.about(CURRENCY) },
  RetentionSet: { keys: kind.span(), trades: kind.span() },
  CollateralTermsSet: { terms: kind.about(COLLATERAL_TERMS) },
  CollateralRanOff: { currency: kind.currency(), version: kind.count() },
  IndexDefined: { definition: kind.about(PRICE_INDEX) },
  InstrumentDefined: { definition: kind.about(INSTRUMENT) },
  InstrumentStatusSet: {
    instrument: kind.instrument(),
    status: kind.text<InstrumentStatus>(),
    reason: kind.text(),
    halt: kind.optional(HALT), // of a halt that lifts by itself
  },
  TierScheduleSet: { schedule: kind.about(TIER_SCHEDULE) },
  TierScheduleActivated: { instrument: kind.instrument(), version: kind.count() },
  MarginPolicySet: { terms: kind.about(MARGIN_POLICY) },
  MarginPolicyActivated: { policy: kind.text<PolicyId>(), version: kind.count() },
  LossPolicySet: { terms: kind.about(LOSS_POLICY) },
  DisposalPolicySet: { terms: kind.about(DISPOSAL_POLICY) },
  MemberAdmitted: { member: kind.text<MemberId>(), name: kind.text() },
  AccountOpened: { opened: kind.about(ACCOUNT) },
});
