/**
 * What stands in each layer of the waterfall: ledgers and accounts that pay, how much each has, by what they share, and
 * who pays before whom.  Rules: B3-1, LCS-2, LCS-4
 */

import {
  type Cash,
  cash,
  greatest,
  instant,
  least,
  margin,
  minus,
  negate,
  RATE_ONE,
  total,
} from '../../../units/quantity';
import { cashDown, divDown } from '../../../units/rounding';
import { poolNameOf, poolOf } from '../../ledger/insurancePools';
import { accountBehind, accountName, balanceOf } from '../../ledger/transfers';
import { freeCollateralOf } from '../../margin/equity';
import { amountOfLevel } from '../../margin/level';
import { isFlat, pictureOf, withoutStaleCollateral } from '../../margin/picture';
import { standingOf, standingOfAccount } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { LedgerName } from '../../message/ledger';
import type { AccountId, MemberId } from '../../model/account';
import type { LossLayer } from '../../model/policy';
import type { CurrencyId, InstrumentId } from '../../model/reference';
import type { View } from '../../model/state';
import type { ClaimBase } from '../../model/waterfall';
import { CLEARINGHOUSE, memberStatusOf } from '../../reference/members';
import { answeringFor } from '../../reference/recourse';
import { convertCollateral } from '../closing/convert';

/** A payer of a layer. */
export interface Source {
  readonly name: LedgerName; // pays, and holds the claim
  readonly member: MemberId | null; // asked for money it has not put in yet: an assessment
  readonly base: ClaimBase;
  readonly weight: Cash;
  readonly cap: Cash;
  readonly rank: bigint; // lower ones pay all they have first
}

/** A default, as far as it matters for who bears. */
export interface Defaulter {
  readonly account: AccountId;
  readonly instrument: InstrumentId | null;
}

/**
 * Sources of a layer, what they have paid in the same allocation taken off. Layers that take from accounts by gains
 * have none here.
 */
export function sourcesOf(
  view: View,
  currency: CurrencyId,
  layer: LossLayer,
  defaulter: Defaulter,
  spent: ReadonlyMap<string, Cash>,
): Source[] {
  const sources = allSourcesOf(view, currency, layer, defaulter);
  return sources
    .map((source) => ({ ...source, cap: minus(source.cap, spent.get(keyOf(source)) ?? cash(0n)) }))
    .filter(({ cap, weight }) => cap > 0n && weight > 0n);
}

export const keyOf = ({ name, member }: Source): string => (member === null ? name : `assessment ${name}`);

function allSourcesOf(view: View, currency: CurrencyId, layer: LossLayer, defaulter: Defaulter): Source[] {
  switch (layer) {
    case 'OWNER_COLLATERAL':
      return ownerCollateralOf(view, defaulter.account);
    case 'MEMBER_COLLATERAL':
      return memberCollateralOf(view, currency, defaulter.account);
    case 'DEFAULTER_FUND':
      return [ledger(view, currency, fundNameOf(memberOf(view, defaulter.account)), 'CONTRIBUTION')];
    case 'INSURANCE_FUND':
      return insuranceOf(view, currency, defaulter.instrument);
    case 'HOUSE_CAPITAL':
      return [ledger(view, currency, 'house-capital', 'BALANCE')];
    case 'HOUSE_TRANCHE_2':
      return [ledger(view, currency, 'house-tranche-2', 'BALANCE')];
    case 'HOUSE_FURTHER':
      return [ledger(view, currency, 'house-further', 'BALANCE')];
    case 'BACKSTOP_POOL':
      return [ledger(view, currency, 'backstop-pool', 'BALANCE')];
    case 'DEFAULT_FUND':
      return survivorsOf(view, currency, memberOf(view, defaulter.account));
    case 'ASSESSMENTS':
      return assessableOf(view, currency, memberOf(view, defaulter.account));
    default:
      return [];
  }
}

export const fundNameOf = (member: MemberId): LedgerName => `default-fund/${member}`;

const memberOf = (view: View, account: AccountId): MemberId => view.book.account(account)?.member ?? CLEARINGHOUSE;

function ledger(view: View, currency: CurrencyId, name: LedgerName, base: ClaimBase, rank = 0n): Source {
  const held = greatest(balanceOf(view, name, currency), cash(0n));
  return { name, member: null, base, weight: held, cap: held, rank };
}

/**
 * What the defaulter's owner has above the call level in its other accounts that answer for it: whoever gained on one
 * side of a trade with itself pays for the other. Nobody else's.  X-1, LCS-2, ruling 17
 */
export function ownerCollateralOf(view: View, defaulter: AccountId): Source[] {
  return answeringFor(view, defaulter).map((id): Source => {
    const spare = spareAboveCall(view, id);
    return { name: accountName(id), member: null, base: 'SPARE_COLLATERAL', weight: spare, cap: spare, rank: 0n };
  });
}

/**
 * Equity above the call level, stale collateral left out; where nothing is held no more than cash and collateral bring
 * at once.
 */
function spareAboveCall(view: View, id: AccountId): Cash {
  const standing = standingOf(withoutStaleCollateral(pictureOf(view, id)));
  const { equity, maintenance, picture } = standing;
  const kept = picture.policy ? amountOfLevel(picture.policy.call, standing) : maintenance;
  const above = cashDown(margin(equity - kept));
  const brought = total([picture.cash, ...picture.collateral.map(({ value }) => cashDown(value))]);
  return greatest(isFlat(picture) ? least(above, brought) : above, cash(0n));
}

/**
 * An account that has paid for another one of its owner and holds no position owes nothing itself: its collateral is
 * converted.
 */
export function convertWhatWasPaid(desk: Desk, payers: readonly LedgerName[]): void {
  for (const name of [...new Set(payers)].sort()) {
    const id = accountBehind(name);
    if (id === undefined) continue;
    const picture = pictureOf(desk.view, id);
    if (picture.cash < 0n && isFlat(picture)) convertCollateral(desk, id, negate(picture.cash));
  }
}

/**
 * A client's shortfall is its member's obligation: what the member's house accounts can spare above initial margin.
 * LCS-2
 */
function memberCollateralOf(view: View, currency: CurrencyId, defaulter: AccountId): Source[] {
  const member = memberOf(view, defaulter);
  if (member === CLEARINGHOUSE) return [];
  const sources: Source[] = [];
  for (const id of view.book.accountIds()) {
    const account = view.book.account(id);
    if (
      !account ||
      account.member !== member ||
      account.kind !== 'HOUSE' ||
      account.currency !== currency ||
      id === defaulter
    )
      continue;
    const { picture, initial } = standingOfAccount(view, id);
    const free = least(freeCollateralOf(withoutStaleCollateral(picture), initial), picture.cash);
    sources.push({ name: accountName(id), member: null, base: 'FREE_COLLATERAL', weight: free, cap: free, rank: 0n });
  }
  return sources;
}

/** The pool of the instrument, within its cap, then the currency's fund where the pool says so. */
function insuranceOf(view: View, currency: CurrencyId, instrument: InstrumentId | null): Source[] {
  const pool = instrument === null ? undefined : poolOf(view, instrument);
  const general = ledger(view, currency, 'insurance-fund', 'BALANCE', 1n);
  if (!pool) return [general];
  const own = ledger(view, currency, poolNameOf(pool.id), 'BALANCE');
  const capped = pool.cap === null ? own : { ...own, cap: least(own.cap, pool.cap) };
  return pool.thenGeneral ? [capped, general] : [capped];
}

/**
 * The other members' contributions: juniors of the default pay all they have before the others share pro rata. What a
 * member in default has put in is kept for its own.  LCS-4
 */
function survivorsOf(view: View, currency: CurrencyId, defaulter: MemberId): Source[] {
  const juniors = view.juniors.get(defaulter) ?? [];
  return [...view.members.keys()]
    .filter((member) => member !== defaulter && memberStatusOf(view, member) !== 'IN_DEFAULT')
    .map((member) => ledger(view, currency, fundNameOf(member), 'CONTRIBUTION', juniors.includes(member) ? 0n : 1n));
}

/**
 * What surviving members may still be asked: so many times their contribution within a capped period, nothing while
 * they cool off. One in default itself, or that has left, would only let the others wait for what does not come.
 */
function assessableOf(view: View, currency: CurrencyId, defaulter: MemberId): Source[] {
  return [...view.members.keys()]
    .filter((member) => member !== defaulter && !['IN_DEFAULT', 'TERMINATED'].includes(memberStatusOf(view, member)))
    .map((member): Source => {
      const { weight } = ledger(view, currency, fundNameOf(member), 'CONTRIBUTION');
      const cap = assessmentRoomOf(view, currency, member);
      return { name: fundNameOf(member), member, base: 'CONTRIBUTION', weight, cap, rank: 0n };
    });
}

export function assessmentRoomOf(view: View, currency: CurrencyId, member: MemberId): Cash {
  const policy = view.fundPolicies.get(currency);
  if (!policy) return cash(0n);
  const earlier = view.assessed.get(assessedKey(currency, member)) ?? [];
  if (earlier.some(({ full, issuedAt }) => full && instant(issuedAt + policy.coolingOff) > view.now)) return cash(0n);
  const within = earlier.filter(({ issuedAt }) => instant(issuedAt + policy.cappedPeriod) > view.now);
  const asked = within.reduce((sum, { amount }) => sum + amount, 0n);
  const contribution = greatest(balanceOf(view, fundNameOf(member), currency), cash(0n));
  return greatest(cash(divDown(contribution * policy.multiple, RATE_ONE) - asked), cash(0n));
}

export const assessedKey = (currency: CurrencyId, member: MemberId): string => `${currency} ${member}`;
