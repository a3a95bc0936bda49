/**
 * Commands and events that define what is cleared, on which terms, and for whom. Amounts in commands are decimal
 * strings.
 */

import { kind } from '../kind/kind';
import type { MemberId } from '../model/account';
import { ACCOUNT } from '../model/account';
import { COLLATERAL_TERMS } from '../model/collateral';
import type { PolicyId } from '../model/policy';
import { DISPOSAL_POLICY, LOSS_POLICY, MARGIN_POLICY } from '../model/policy';
import type { InstrumentStatus } from '../model/reference';
import { CURRENCY, DELISTING, HALT, INSTRUMENT, PRICE_INDEX } from '../model/reference';
import { TIER_SCHEDULE } from '../model/tiers';

export const REFERENCE_EVENTS = kind.events({
  CurrencyDefined: kind.event('A currency was defined.', { definition: kind.about(CURRENCY) }),
  RetentionSet: kind.event('The time that the house remembers commands and trades was set.', {
    keys: kind.span(),
    trades: kind.span(),
  }),
  CollateralTermsSet: kind.event('The terms on which a currency is collateral were set.', {
    terms: kind.about(COLLATERAL_TERMS),
  }),
  CollateralRanOff: kind.event('The run-off date of a currency came. What is held of it counts for nothing.', {
    currency: kind.currency(),
    version: kind.count(),
  }),
  IndexDefined: kind.event('A price index was defined.', { definition: kind.about(PRICE_INDEX) }),
  InstrumentDefined: kind.event('A contract was defined.', { definition: kind.about(INSTRUMENT) }),
  InstrumentStatusSet: kind.event('A contract was halted, resumed, or limited to reducing trades.', {
    instrument: kind.instrument(),
    status: kind.text<InstrumentStatus>(),
    reason: kind.text(),
    halt: kind.optional(HALT), // of a halt that lifts by itself
  }),
  DelistingAnnounced: kind.event('The end of a contract was announced.', {
    instrument: kind.instrument(),
    delisting: kind.about(DELISTING),
  }),
  DelistingBegan: kind.event('A contract that will end takes reducing trades only from now on.', {
    instrument: kind.instrument(),
    endsAt: kind.instant(),
  }),
  DelistingCancelled: kind.event('The announced end of a contract was called off.', {
    instrument: kind.instrument(),
    reason: kind.text(),
  }),
  TierScheduleSet: kind.event('A version of margin tiers was set.', { schedule: kind.about(TIER_SCHEDULE) }),
  TierScheduleActivated: kind.event('A version of margin tiers came into force.', {
    instrument: kind.instrument(),
    version: kind.count(),
  }),
  MarginPolicySet: kind.event('A version of a margin policy was set.', { terms: kind.about(MARGIN_POLICY) }),
  MarginPolicyActivated: kind.event('A version of a margin policy came into force.', {
    policy: kind.text<PolicyId>(),
    version: kind.count(),
  }),
  LossPolicySet: kind.event('A version of a loss policy was set.', { terms: kind.about(LOSS_POLICY) }),
  DisposalPolicySet: kind.event('A version of a disposal policy was set.', { terms: kind.about(DISPOSAL_POLICY) }),
  MemberAdmitted: kind.event('A member was admitted.', { member: kind.text<MemberId>(), name: kind.text() }),
  AccountOpened: kind.event('An account was opened.', { opened: kind.about(ACCOUNT) }),
});
