/**
 * Which acts need a second person: those that raise risk, move house money or grant a role. Acts that lower risk need
 * one and work at once. Until the first account of a member is open the house is being set up, and one person may do it.
 */

import type { Command } from '../message/command';
import type { MarketLimits } from '../model/deleveraging';
import type { MarginPolicy } from '../model/policy';
import type { CollateralTerms } from '../model/reference';
import type { Retention, View } from '../model/state';
import type { TierSchedule } from '../model/tiers';
import { cappedCloseOutIdOf } from '../reference/accounts';
import { shortens } from '../reference/retention';
import { type HouseTrade, needsTwo } from '../settlement/default/order';
import { loosensCollateral, loosensLimits, lowersPolicy, lowersTiers } from './looser';

/** Whether the checked command needs a second person now. */
export function needsSecondPerson(view: View, command: Command, checked: unknown): boolean {
  if (command.type === 'WithdrawFromInsuranceFund' || command.type === 'ReverseTransfer' || command.type === 'TearUpPositions') return true;
  if (command.type === 'TransferBetweenPools' || command.type === 'AcceptClockStep') return true;
  if (command.type === 'RuleOnLiquidationDispute') return command.upheld;
  if (!isOpenForBusiness(view)) return false;
  switch (command.type) {
    case 'WaiveMarginCall':
    case 'ExtendMarginCall':
    case 'SetMarkPrice':
    case 'IssueApiKey':
    case 'SetLossPolicy':
    case 'SetDefaultFundPolicy':
    case 'SetInsurancePool':
    case 'ReinstateMember':
    case 'SetDefaultPolicy':
    case 'DeclareDefault':
    case 'AuctionDefault':
    case 'ChargeDefaultCost':
    case 'SettleDefault':
    case 'CloseDefault':
    case 'SetDeleveragingPolicy':
    case 'SetDisposalLadder':
    case 'SetAuctionPolicy':
    case 'SetPortfolioPolicy':
    case 'StartAuction':
    case 'CancelAuction':
      return true;
    case 'HedgeDefault':
    case 'CloseDefaultPosition':
      return needsTwo(view, checked as HouseTrade);
    case 'RuleOnDispute':
      return command.stopClock;
    case 'SetRetention':
      return shortens(view.retention, checked as Retention);
    case 'SetInstrumentStatus':
      return loosens(view.listings.get(command.instrument)?.status, command.status);
    case 'SetAuctionBreaker':
      return command.level < (view.auctionPolicies.get(command.currency)?.breaker ?? 0);
    case 'SetTierSchedule':
      return lowersTiers(view.listings.get(command.instrument)?.tiers ?? null, checked as TierSchedule);
    case 'SetMarginPolicy':
      return lowersPolicy(view.policies.get(command.policy), checked as MarginPolicy);
    case 'SetMarketLimits':
      return loosensLimits(view.marketLimits.get(command.instrument), checked as MarketLimits);
    case 'SetCollateralTerms':
      return loosensCollateral(view.collateral.get(command.currency), checked as CollateralTerms);
    default:
      return false;
  }
}

/** Whether there is an account besides the house's own: one per currency, and one per instrument whose inventory ever had a cap. */
export function isOpenForBusiness(view: View): boolean {
  let own = view.currencies.size;
  for (const { currency, instrument } of view.deleveragingPolicies.values())
    if (instrument !== null && view.book.account(cappedCloseOutIdOf(currency, instrument))) own += 1;
  return view.book.accountCount > own;
}

const STRICTNESS = ['ACTIVE', 'REDUCE_ONLY', 'HALTED', 'EXPIRED'];
const loosens = (before: string | undefined, after: string): boolean => STRICTNESS.indexOf(after) < STRICTNESS.indexOf(before ?? 'ACTIVE');
