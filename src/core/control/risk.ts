/**
 * Which acts need a second person: those that raise risk, move house money or grant a role. Acts that lower risk need
 * one and work at once. Until the first account of a member is open the house is being set up, and one person may do
 * it.
 */

import type { CommandOf, CommandType } from '../message/command';
import type { Actor } from '../model/actor';
import type { CollateralTerms } from '../model/collateral';
import type { MarketLimits } from '../model/deleveraging';
import type { OpenInterestTerms } from '../model/openInterest';
import type { MarginPolicy } from '../model/policy';
import type { Retention, View } from '../model/state';
import type { TierSchedule } from '../model/tiers';
import type { Venue } from '../model/venue';
import { clearsAgain } from '../position/tradeNumbers';
import { cappedCloseOutIdOf } from '../reference/accounts';
import { shortens } from '../reference/retention';
import { type HouseTrade, needsTwo } from '../settlement/default/order';
import { leavesNoOtherAdmin } from './keys';
import { loosensCollateral, loosensLimits, loosensScaling, lowersPolicy, lowersTiers } from './looser';

/**
 * Whether a checked command needs a second person now. The table of commands names one of these in the row of each that
 * may.
 */
export type SecondPerson<Asked, Value> = (view: View, command: Asked, checked: Value, actor: Actor) => boolean;

export const never = (): boolean => false;
export const always = (): boolean => true;
export const ifUpheld: SecondPerson<CommandOf<'RuleOnLiquidationDispute'>, unknown> = (_view, { upheld }) => upheld;

/** The rest need one once the house is open: those below in some cases only. */
export const onceOpen = (view: View): boolean => isOpenForBusiness(view);

export const onceOpenIf =
  <Type extends CommandType, Value>(
    inCase: SecondPerson<CommandOf<Type>, Value>,
  ): SecondPerson<CommandOf<Type>, Value> =>
  (view, command, checked, actor) =>
    isOpenForBusiness(view) && inCase(view, command, checked, actor);

export const ifOrderLarge = onceOpenIf<'HedgeDefault' | 'CloseDefaultPosition', HouseTrade>((view, _command, trade) =>
  needsTwo(view, trade),
);
export const ifNoOtherAdminLeft = onceOpenIf<'RevokeApiKey', unknown>((view, command, _checked, actor) =>
  leavesNoOtherAdmin(view, command, actor),
);
export const ifClockStopped = onceOpenIf<'RuleOnDispute', unknown>((_view, { stopClock }) => stopClock);
export const ifShortened = onceOpenIf<'SetRetention', Retention>(({ retention }, _command, after) =>
  shortens(retention, after),
);
export const ifNumbersReturned = onceOpenIf<'SetVenue', Venue>((view, { venue }, after) =>
  clearsAgain(view.venues.get(venue), after),
);
export const ifStatusLoosened = onceOpenIf<'SetInstrumentStatus', unknown>((view, { instrument, status, lasting }) => {
  const listing = view.listings.get(instrument);
  return loosens(listing?.status, status) || (lasting === true && status === 'HALTED');
});
export const ifBreakerLowered = onceOpenIf<'SetAuctionBreaker', unknown>(
  (view, { currency, level }) => level < (view.auctionPolicies.get(currency)?.breaker ?? 0),
);
export const ifTiersLowered = onceOpenIf<'SetTierSchedule', TierSchedule>((view, { instrument }, after) =>
  lowersTiers(view.listings.get(instrument)?.tiers ?? null, after),
);
export const ifPolicyLowered = onceOpenIf<'SetMarginPolicy', MarginPolicy>((view, { policy }, after) =>
  lowersPolicy(view.policies.get(policy), after),
);
export const ifLimitsLoosened = onceOpenIf<'SetMarketLimits', MarketLimits>((view, { instrument }, after) =>
  loosensLimits(view.marketLimits.get(instrument), after),
);
export const ifScalingLoosened = onceOpenIf<'SetOpenInterestScaling', OpenInterestTerms>(
  (view, { instrument }, after) => loosensScaling(view.listings.get(instrument)?.scaling?.terms, after),
);
export const ifCollateralLoosened = onceOpenIf<'SetCollateralTerms', CollateralTerms>((view, { currency }, after) =>
  loosensCollateral(view.collateral.get(currency), after),
);

/**
 * Whether there is an account besides the house's own: one per currency, and one per instrument whose inventory ever
 * had a cap.
 */
export function isOpenForBusiness(view: View): boolean {
  let own = view.currencies.size;
  for (const { currency, instrument } of view.deleveragingPolicies.values())
    if (instrument !== null && view.book.account(cappedCloseOutIdOf(currency, instrument))) own += 1;
  return view.book.accountCount > own;
}

const STRICTNESS = ['ACTIVE', 'REDUCE_ONLY', 'HALTED', 'EXPIRED'];
const loosens = (before: string | undefined, after: string): boolean =>
  STRICTNESS.indexOf(after) < STRICTNESS.indexOf(before ?? 'ACTIVE');
