/**
 * The withdrawal gate. While debts are open each payer leaves where it is what it could still be asked for of them,
 * beyond what the layers before it will bear, and nothing else. After a loss had to be borne withdrawals wait as long
 * as the policy says. Rules: DY-G1; ruling 14
 */

import { known } from '../../../units/failure';
import { type Cash, cash, greatest, least, NO_CASH, total } from '../../../units/quantity';
import { poolOf } from '../../ledger/insurancePools';
import { type Rejection, reject } from '../../message/rejection';
import type { Account, MemberId } from '../../model/account';
import type { LossLayer, LossPolicy } from '../../model/policy';
import type { CurrencyId } from '../../model/reference';
import type { View } from '../../model/state';
import { gateFloorOf } from '../../reference/lossPolicies';
import { ownedGains } from '../tally/gains';
import { bear, type CaseBook, groupsOf, startBearing } from './bear';
import { bookOf } from './loss';
import { memberOfDebt, type OpenDebt, openDebtsOf, sumOfDebts } from './openDebts';

export type GateCause = 'UNALLOCATED_LOSS' | 'OPEN_DEBT' | 'RECENT_LOSS';

/** Why withdrawals of the currency wait, or leave something behind; nothing where they do not. */
export const gateOf = (view: View, currency: CurrencyId): GateCause | undefined =>
  causeOfGate(isRecent(view, currency), openDebtsOf(view, currency), gateFloorOf(view, currency));

/**
 * The same of what is known: whether a loss is recent, which debts are open, and the sum below which they hold nothing
 * back.
 */
export function causeOfGate(recent: boolean, debts: readonly OpenDebt[], floor: Cash): GateCause | undefined {
  if (recent) return 'RECENT_LOSS';
  if (debts.length === 0 || sumOfDebts(debts) < floor) return undefined;
  return debts.some(({ cause }) => cause === 'LOSS_UNALLOCATED' || cause === 'ASSESSMENTS_AWAITED')
    ? 'UNALLOCATED_LOSS'
    : 'OPEN_DEBT';
}

const isRecent = (view: View, currency: CurrencyId): boolean => (view.gates.get(currency) ?? view.now) > view.now;

/** Whether all withdrawals of the currency wait: so soon after a loss that others bore.  DY-G1 */
export const waitProblem = (view: View, currency: CurrencyId): Rejection | undefined =>
  isRecent(view, currency) ? reject('WITHDRAWALS_GATED', { currency, cause: 'RECENT_LOSS' }) : undefined;

/** What of the open debts of one member reaches a payer. */
interface Reach {
  readonly member: MemberId;
  readonly left: Cash;
}

/** Debts whose loss is nobody's by any layer: money that is missing, whoever takes his out first. */
type Payer = LossLayer | 'NOBODY';

/** Layers in which accounts are asked by what they gained or hold. */
const BY_ACCOUNT: readonly LossLayer[] = ['GAINS_HAIRCUT', 'DELEVERAGING', 'TEAR_UP', 'SOCIALIZED_LOSS'];

/** Nothing is sure to come of these, or it has been counted for each owner before. */
const BEARS_NOTHING_YET: readonly LossLayer[] = ['OWNER_COLLATERAL', 'ASSESSMENTS', ...BY_ACCOUNT];

/**
 * What of the open debts of a currency would come to each layer, the layers before it having borne what they have now.
 * What is called for and may not be paid, and what is closed against others, counts as bearing nothing. Nothing under
 * the stated amount.
 */
function reachesOf(view: View, currency: CurrencyId): ReadonlyMap<Payer, readonly Reach[]> {
  const reaches = new Map<Payer, Reach[]>();
  const debts = openDebtsOf(view, currency);
  if (debts.length === 0 || sumOfDebts(debts) < gateFloorOf(view, currency)) return reaches;
  const policy = known(view.lossPolicies.get(currency), 'Loss policy', currency);
  const nobody = debts.filter(({ cause }) => cause === 'LOSS_UNALLOCATED');
  if (nobody.length > 0)
    reaches.set(
      'NOBODY',
      nobody.map((debt) => ({ member: memberOfDebt(view, debt), left: debt.amount })),
    );
  const falling = fallingOf(
    view,
    policy,
    debts.filter(({ cause }) => cause !== 'LOSS_UNALLOCATED'),
  );
  const bearing = startBearing(
    view,
    policy,
    falling.map(({ book }) => book),
  );
  for (const group of groupsOf(policy)) {
    for (const layer of group)
      reaches.set(
        layer,
        falling.map(({ member, book }) => ({ member, left: book.left })),
      );
    if (!group.some((layer) => BEARS_NOTHING_YET.includes(layer))) bear(bearing, [group]);
    if (group.includes('ASSESSMENTS')) for (const one of falling) one.book.left = cash(one.book.left + one.after);
  }
  return reaches;
}

interface Falling {
  readonly member: MemberId;
  readonly book: CaseBook;
  readonly after: Cash; // of cases that wait for assessments: what comes to the layers behind them
}

/**
 * Debts on their way down, those of one member and one pool as one: beyond its owner's collateral they are borne alike.
 */
function fallingOf(view: View, policy: LossPolicy, debts: readonly OpenDebt[]): Falling[] {
  // A case that waits for assessments comes to the layers behind them.
  const waits = ({ cause }: OpenDebt): boolean =>
    cause === 'ASSESSMENTS_AWAITED' && policy.layers.includes('ASSESSMENTS');
  const alone = debts.map((debt) => ({ debt, book: bookOf(policy, { ...debt, beneficiary: debt.account }) }));
  const starting = alone.filter(({ debt }) => !waits(debt)).map(({ book }) => book);
  if (policy.layers.includes('OWNER_COLLATERAL')) bear(startBearing(view, policy, starting), [['OWNER_COLLATERAL']]);
  const together = new Map<string, Falling>();
  for (const { debt, book } of alone) {
    const member = memberOfDebt(view, debt);
    const key = `${member} ${debt.instrument === null ? '' : (poolOf(view, debt.instrument)?.id ?? '')}`;
    const before = together.get(key);
    const [now, after] = waits(debt) ? [NO_CASH, debt.amount] : [book.left, NO_CASH];
    const left = cash((before?.book.left ?? 0n) + now);
    together.set(key, { member, book: { ...book, left }, after: cash((before?.after ?? 0n) + after) });
  }
  return [...together.values()];
}

const sumOf = (reaches: readonly Reach[] = [], which: (reach: Reach) => boolean = () => true): Cash =>
  total(reaches.filter(which).map(({ left }) => left));

/**
 * What an account could still be asked for of all open debts of its currency: as one that gained or holds, no more than
 * its gain where it is asked by gains, and as a house account of the member. Unit: its currency, at least zero.  Ruling
 * 14
 */
export function askedOf(view: View, account: Account): Cash {
  if (account.kind === 'CLOSE_OUT') return NO_CASH;
  const policy = view.lossPolicies.get(account.currency);
  const reaches = policy && reachesOf(view, account.currency);
  if (!policy || !reaches || reaches.size === 0) return NO_CASH;
  const asked = policy.layers.filter((layer) => BY_ACCOUNT.includes(layer));
  const first = asked[0];
  const reached = first === undefined ? NO_CASH : sumOf(reaches.get(first));
  const byGain = policy.base === 'GAINS' || !asked.includes('SOCIALIZED_LOSS');
  const general = byGain ? least(reached, ownedGains(view)(account)) : reached;
  const asMember =
    account.kind === 'HOUSE'
      ? sumOf(reaches.get('MEMBER_COLLATERAL'), ({ member }) => member === account.member)
      : NO_CASH;
  return total([general, asMember, sumOf(reaches.get('NOBODY'))]);
}

/** What a contribution to the default fund could still be asked for.  Ruling 14, LCS-4 */
export function askedOfContribution(view: View, currency: CurrencyId, member: MemberId): Cash {
  const reaches = reachesOf(view, currency);
  const own = sumOf(reaches.get('DEFAULTER_FUND'), (reach) => reach.member === member);
  const others = ['DEFAULT_FUND', 'ASSESSMENTS'] as const;
  const most = others.map((layer) => sumOf(reaches.get(layer), (reach) => reach.member !== member));
  return total([own, greatest(most[0] ?? NO_CASH, most[1] ?? NO_CASH), sumOf(reaches.get('NOBODY'))]);
}

/** What a ledger that bears as a layer of its own could still be asked for.  Ruling 14 */
export function askedOfLayer(view: View, currency: CurrencyId, layer: 'INSURANCE_FUND' | 'BACKSTOP_POOL'): Cash {
  const reaches = reachesOf(view, currency);
  return total([sumOf(reaches.get(layer)), sumOf(reaches.get('NOBODY'))]);
}

/** Why so much does not leave: what could still be asked for stays. */
export const gatedFor = (view: View, currency: CurrencyId, details: Readonly<Record<string, string>>): Rejection =>
  reject('WITHDRAWALS_GATED', { currency, cause: gateOf(view, currency) ?? 'OPEN_DEBT', ...details });
