/** The house as it would be under terms that are proposed, and which accounts they concern.  Ruling 12 */

import { type Instant, later } from '../../units/quantity';
import type { Command } from '../message/command';
import type { AccountId } from '../model/account';
import type { CollateralInForce, CollateralTerms } from '../model/collateral';
import type { MarginPolicy } from '../model/policy';
import type { View } from '../model/state';
import type { TierSchedule } from '../model/tiers';
import { changeLimitsOf } from '../reference/lossPolicies';
import { dominates } from '../reference/policies';
import { countsLess, lowersTiers } from './looser';

/** Terms by which somebody might be called who is not called now. */
export interface ProposedTerms {
  /** The house under them: all else is as it is. */
  readonly view: View;
  /** Whether they are among those by which an account is margined. */
  concern(account: AccountId): boolean;
}

/** What a checked command would put in force; nothing where it raises no level of anybody. */
export function proposedTerms(view: View, command: Command, checked: unknown): ProposedTerms | undefined {
  switch (command.type) {
    case 'SetTierSchedule':
      return proposedTiers(view, checked as TierSchedule);
    case 'SetMarginPolicy':
      return proposedPolicy(view, checked as MarginPolicy);
    case 'SetCollateralTerms':
      return proposedCollateral(view, checked as CollateralTerms);
    default:
      return undefined;
  }
}

function proposedTiers(view: View, tiers: TierSchedule): ProposedTerms | undefined {
  const listing = view.listings.get(tiers.instrument);
  if (!listing?.tiers || !lowersTiers(tiers, listing.tiers)) return undefined;
  return {
    view: { ...view, listings: new Map(view.listings).set(tiers.instrument, { ...listing, tiers }) },
    concern: (account) => view.book.position(account, tiers.instrument) !== undefined,
  };
}

function proposedPolicy(view: View, policy: MarginPolicy): ProposedTerms | undefined {
  const before = view.policies.get(policy.id);
  if (!before || !raisesLevels(before, policy)) return undefined;
  return {
    view: { ...view, policies: new Map(view.policies).set(policy.id, policy) },
    concern: (account) => view.book.account(account)?.policy === policy.id,
  };
}

const raisesLevels = (before: MarginPolicy, after: MarginPolicy): boolean =>
  !dominates(before.call, after.call) ||
  !dominates(before.closeOut, after.closeOut) ||
  (before.aggregation === 'ACCOUNT' && after.aggregation === 'OWNER');

/** A run-off date that is announced too late is counted as if it were today. */
function proposedCollateral(view: View, { currency, ...terms }: CollateralTerms): ProposedTerms | undefined {
  const after: CollateralInForce = {
    currency,
    ...terms,
    ranOff: terms.runOffDate !== undefined && isTooSoon(view, terms.runOffDate),
  };
  if (!countsLess(after, view.collateral.get(currency), 'MAINTENANCE')) return undefined;
  return {
    view: { ...view, collateral: new Map(view.collateral).set(currency, after) },
    concern: (account) => view.book.balance(account, currency) !== 0n,
  };
}

const isTooSoon = (view: View, at: Instant): boolean =>
  [...view.currencies.keys()].some((currency) => at < later(view.now, changeLimitsOf(view, currency).changeNotice));
