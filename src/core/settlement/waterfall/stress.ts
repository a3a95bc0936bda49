/**
 * The stress that sizes the default fund: what members would lose beyond their collateral if all prices rose, or all
 * fell, by the policy's moves. Accounts of a member do not help each other: a client's surplus is the client's. A large
 * house counts its accounts in slices, an entry each, between which commands pass: every account once, as it stands in
 * its slice.  Rules: LCS-4, RB-2
 */

import { allocate } from '../../../units/allocate';
import type { Count } from '../../../units/quantity';
import {
  type Cash,
  cash,
  compare,
  greatest,
  type Margin,
  margin,
  plus,
  RATE_ONE,
  total,
} from '../../../units/quantity';
import { cashUp, divUp } from '../../../units/rounding';
import { poolNameOf } from '../../ledger/insurancePools';
import { balanceOf } from '../../ledger/transfers';
import { type Standing, standingOfAccount } from '../../margin/standing';
import type { CurrencyId } from '../../model/reference';
import type { View } from '../../model/state';
import type {
  Coverage,
  CoverageRun,
  DefaultFundPolicy,
  MemberCover,
  StressedMember,
  StressMove,
} from '../../model/waterfall';
import { worthAt } from '../../position/value';
import { fundNameOf } from './sources';

/** Accounts counted at one go: some milliseconds. A house that has no more is covered in one step. */
export const COVERAGE_SLICE = 2500;

export const FIRST_SLICE: CoverageRun = { next: 0, stressed: [] };

/**
 * Counts the next accounts, each as it stands now, into its member's initial margin and its losses beyond collateral in
 * both scenarios. `next` of zero: everybody has been counted.
 */
export function countSlice(view: View, policy: DefaultFundPolicy, { next, stressed }: CoverageRun): CoverageRun {
  const moves = new Map(policy.moves.map((move) => [move.instrument, move]));
  const members = new Map(stressed.map((one) => [one.member, { ...one }]));
  for (const member of view.members.keys())
    if (!members.has(member)) members.set(member, { member, initial: cash(0n), up: cash(0n), down: cash(0n) });
  for (const id of view.book.accountsFrom(next, COVERAGE_SLICE)) {
    const account = view.book.account(id);
    const before = account && members.get(account.member);
    if (!before || account.kind === 'CLOSE_OUT' || account.currency !== policy.currency) continue;
    if (![...view.book.positions(id)].some(([, { size }]) => size !== 0n)) continue;
    const standing = standingOfAccount(view, id);
    members.set(account.member, {
      member: account.member,
      initial: plus(before.initial, cashUp(standing.initial)),
      up: plus(before.up, lossBeyond(standing, moves, 'up')),
      down: plus(before.down, lossBeyond(standing, moves, 'down')),
    });
  }
  const counted = next + COVERAGE_SLICE;
  const sorted = [...members.values()].sort((a, b) => compare(a.member, b.member));
  return { next: counted >= view.book.accountCount ? 0 : counted, stressed: sorted };
}

/** What the account would owe after the move, rounded up; zero where its collateral covers it. */
function lossBeyond({ equity, picture }: Standing, moves: ReadonlyMap<string, StressMove>, way: 'up' | 'down'): Cash {
  let after: Margin = equity;
  for (const { instrument, position, mark } of picture.holdings) {
    const share = moves.get(instrument.id)?.[way] ?? 0n;
    const moved = divUp((mark < 0n ? -mark : mark) * share, RATE_ONE) * (way === 'up' ? 1n : -1n);
    const worth = worthAt(instrument, position.size, plus(mark, moved as typeof mark));
    after = margin(after + worth - worthAt(instrument, position.size, mark));
  }
  return after < 0n ? cashUp(margin(-after)) : cash(0n);
}

const largestOf = (losses: readonly Cash[], within: Count): Cash =>
  total([...losses].sort((a, b) => compare(b, a)).slice(0, within));

/**
 * Funds as of now against what was counted, and what each member has to contribute: cover-2 shared by initial margin,
 * at least the floor.
 */
export function coverageOf(view: View, policy: DefaultFundPolicy, stressed: readonly StressedMember[]): Coverage {
  const { currency } = policy;
  const worst = (within: Count): Cash =>
    greatest(
      largestOf(
        stressed.map(({ up }) => up),
        within,
      ),
      largestOf(
        stressed.map(({ down }) => down),
        within,
      ),
    );
  const [cover1, cover2] = [worst(1), worst(2)];
  const shares = requirementsOf(stressed, cover2, policy.floor);
  const members = stressed.map(
    ({ member, initial, up, down }, i): MemberCover => ({
      ...{ member, initial, up, down },
      requirement: shares[i] ?? policy.floor,
      contribution: balanceOf(view, fundNameOf(member), currency),
    }),
  );
  const fund = total(members.map(({ contribution }) => contribution));
  const pools = poolsOf(view, currency);
  return {
    currency,
    policyVersion: policy.version,
    computedAt: view.now,
    ...{ cover1, cover2, fund, pools, members },
    short: (fund + pools) * RATE_ONE < cover2 * policy.threshold,
  };
}

function requirementsOf(stressed: readonly StressedMember[], cover2: Cash, floor: Cash): Cash[] {
  const weights = stressed.map(({ member: id, initial }) => ({ id, weight: initial as bigint }));
  if (weights.every(({ weight }) => weight === 0n)) return stressed.map(() => floor);
  return allocate(cover2, weights).map((share) => greatest(share, floor));
}

/** The insurance fund of the currency with all its pools. */
function poolsOf(view: View, currency: CurrencyId): Cash {
  let sum = balanceOf(view, 'insurance-fund', currency);
  for (const pool of view.insurancePools.values())
    if (pool.currency === currency) sum = plus(sum, balanceOf(view, poolNameOf(pool.id), currency));
  return sum;
}
