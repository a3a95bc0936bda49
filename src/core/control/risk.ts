/**
 * Which acts need a second person: those that raise risk, move house money or grant a role. Acts that lower risk need
 * one and work at once. Until the first account of a member is open the house is being set up, and one person may do it.
 */

import { compareRatios } from '../../units/ratio';
import type { Command } from '../message/command';
import type { MarketLimits } from '../model/deleveraging';
import type { MarginPolicy } from '../model/policy';
import type { View } from '../model/state';
import type { TierSchedule } from '../model/tiers';
import { cappedCloseOutIdOf } from '../reference/accounts';
import { loosensLimits } from '../reference/marketLimits';
import { dominates } from '../reference/policies';
import { type HouseTrade, needsTwo } from '../settlement/default/order';
import { loosensLiquidation } from './looser';

/** Whether the checked command needs a second person now. */
export function needsSecondPerson(view: View, command: Command, checked: unknown): boolean {
  if (command.type === 'WithdrawFromInsuranceFund' || command.type === 'ReverseTransfer' || command.type === 'TearUpPositions') return true;
  if (command.type === 'TransferBetweenPools') return true;
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
    case 'SetCollateralTerms': {
      const before = view.collateral.get(command.currency);
      const after = checked as NonNullable<typeof before>;
      return after.eligible && (!before?.eligible || after.haircut < before.haircut);
    }
    default:
      return false;
  }
}

/** Whether there is an account besides the house's own: one per currency, and one per instrument whose inventory ever had a cap. */
function isOpenForBusiness(view: View): boolean {
  let own = view.currencies.size;
  for (const { currency, instrument } of view.deleveragingPolicies.values())
    if (instrument !== null && view.book.account(cappedCloseOutIdOf(currency, instrument))) own += 1;
  return view.book.accountCount > own;
}

const STRICTNESS = ['ACTIVE', 'REDUCE_ONLY', 'HALTED', 'EXPIRED'];
const loosens = (before: string | undefined, after: string): boolean => STRICTNESS.indexOf(after) < STRICTNESS.indexOf(before ?? 'ACTIVE');

/** Whether any notional would need less margin than before, or a larger one be allowed: tables are straight between their borders, so those decide. */
export function lowersTiers(before: TierSchedule | null, after: TierSchedule): boolean {
  if (!before) return false;
  const [limit, widened] = [before.tiers.at(-1)?.cap ?? null, after.tiers.at(-1)?.cap ?? null];
  if (limit !== null && (widened === null || widened > limit)) return true;
  const borders = [...before.tiers, ...after.tiers].flatMap(({ floor, cap }) => (cap === null ? [floor] : [floor, cap])) as bigint[];
  const beyond = borders.reduce((most, border) => (border > most ? border : most), 0n) * 2n + 1n;
  return [...borders, beyond].some((notional) =>
    (['initial', 'maintenance'] as const).some((which) => {
      const [old, fresh] = [atNotional(before, notional, which), atNotional(after, notional, which)];
      return fresh * before.denominator < old * after.denominator;
    }),
  );
}

function atNotional({ tiers }: TierSchedule, notional: bigint, which: 'initial' | 'maintenance'): bigint {
  const tier = tiers.find(({ cap }) => cap === null || notional <= cap) ?? tiers.at(-1);
  return tier ? notional * tier[`${which}Rate`] - tier[`${which}Deduction`] : 0n;
}

/** Whether a policy lets any account go further than before, or charges it less: a lower level, a longer window, fewer positions added up. */
export function lowersPolicy(before: MarginPolicy | undefined, after: MarginPolicy): boolean {
  if (!before) return false;
  const levels = (['call', 'closeOut', 'cure', 'target'] as const).some((level) => !dominates(after[level], before[level]));
  const warnings = before.warnings.some((level, i) => !after.warnings[i] || !dominates(after.warnings[i], level));
  const window = after.cureWindow > before.cureWindow || (before.aggregation === 'OWNER' && after.aggregation === 'ACCOUNT');
  // A warning that is withdrawn sooner; a call that is not amended although it has grown.
  const told = compareRatios(after.hysteresis, before.hysteresis) < 0 || compareRatios(after.amendStep, before.amendStep) > 0;
  return levels || warnings || window || told || loosensLiquidation(before.liquidation, after.liquidation);
}
