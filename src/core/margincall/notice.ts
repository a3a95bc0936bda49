/**
 * What a margin call says: amounts, eligible collateral, prices used, what a close-out would cost.  Rules: B1-1, LF-4;
 * Ruling 3
 */

import { known } from '../../units/failure';
import { type Cash, cash, compare, type Margin, margin, RATE_ONE, type Rate, rate, total } from '../../units/quantity';
import { cashDown, cashUp } from '../../units/rounding';
import { isEligible } from '../ledger/deposit';
import { chargesPreviewOf } from '../margin/charges';
import { amountOfLevel } from '../margin/level';
import { ordersNoted, type Standing } from '../margin/standing';
import type { EligibleCollateral, MarginCall, PriceUsed } from '../model/call';
import { type CollateralInForce, weightOf } from '../model/collateral';
import type { View } from '../model/state';

export type Figures = Pick<
  MarginCall,
  | 'equity'
  | 'initial'
  | 'maintenance'
  | 'orders'
  | 'shortfallToMaintenance'
  | 'cureLevel'
  | 'feePreview'
  | 'penaltyPreview'
  | 'eligible'
  | 'prices'
  | 'policyVersion'
>;

/** What is called: initial margin less equity, rounded up.  Ruling 3 */
export const amountCalled = (standing: Standing): Cash => atLeastZero(margin(standing.initial - standing.equity));

const atLeastZero = (amount: Margin): Cash => (amount > 0n ? cashUp(amount) : cash(0n));

/** Every figure of the notice but the amount and the deadline. */
export function figuresOf(view: View, standing: Standing): Figures {
  const { picture, equity, initial, maintenance } = standing;
  const policy = known(picture.policy, 'Margin policy', picture.account.policy);
  const preview = chargesPreviewOf(view, standing);
  return {
    equity: cashDown(equity),
    initial: cashUp(initial),
    maintenance: cashUp(maintenance),
    ...ordersNoted(standing),
    shortfallToMaintenance: atLeastZero(margin(maintenance - equity)),
    cureLevel: cashUp(amountOfLevel(policy.cure, standing)),
    feePreview: total(preview.map((line) => line.feeDue)),
    penaltyPreview: total(preview.map((line) => line.penaltyDue)),
    eligible: eligibleFor(view, standing),
    prices: pricesUsed(standing),
    policyVersion: policy.version,
  };
}

/** What may be paid in, the account's own currency first. */
function eligibleFor(view: View, { picture: { account } }: Standing): EligibleCollateral[] {
  const others = [...view.collateral.values()]
    .filter(({ currency }) => currency !== account.currency && isEligible(view, account, currency))
    .map((terms) => ({
      currency: terms.currency,
      haircut: nextHaircut(terms, view.book.balance(account.id, terms.currency)),
    }))
    .sort((a, b) => compare(a.currency, b.currency));
  return [{ currency: account.currency, haircut: 0n as EligibleCollateral['haircut'] }, ...others];
}

/** What is taken off the next unit that is paid in.  RB-4 */
const nextHaircut = (terms: CollateralInForce, held: Cash): Rate =>
  rate(RATE_ONE + weightOf(terms, held, 'MAINTENANCE') - weightOf(terms, cash(held + 1n), 'MAINTENANCE'));

export const pricesUsed = ({ picture }: Standing): PriceUsed[] =>
  picture.holdings.map(({ instrument, mark, markSeq }) => ({ instrument: instrument.id, price: mark, seq: markSeq }));
