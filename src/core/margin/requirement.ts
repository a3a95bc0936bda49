/** What an account has to have: the sum over its netting sets. */

import { abs, type Margin, NO_MARGIN, plus, type Size, total } from '../../units/quantity';
import type { Holding } from './model/holding';
import type { Requirement } from './model/model';
import { freedBy, setsOf } from './model/models';
import type { Picture } from './picture';

const NO_REQUIREMENT: Requirement = { initial: NO_MARGIN, maintenance: NO_MARGIN };

/** Requirement of the account. */
export function requirementOf({ holdings }: Pick<Picture, 'holdings'>): Requirement {
  let sum = NO_REQUIREMENT;
  for (const { model, holdings: set } of setsOf(holdings)) {
    const { initial, maintenance } = model.requirement(set);
    sum = { initial: plus(sum.initial, initial), maintenance: plus(sum.maintenance, maintenance) };
  }
  return sum;
}

/** What new risk and withdrawals of the account have to leave covered: never less than initial margin.  Ruling 25 */
export const openingOf = ({ holdings }: Pick<Picture, 'holdings'>): Margin =>
  total(setsOf(holdings).map(({ model, holdings: set }) => model.opening(set)));

/** The part of an account's requirement that is due to one of its holdings: the parts sum to it. */
export const partOf = ({ holdings }: Pick<Picture, 'holdings'>, holding: Holding): Requirement =>
  freedBy(holdings, holding, abs(holding.position.size));

/** What a holding would require if none of its account's orders were open. */
export const withoutOrders = (holding: Holding): Holding => {
  const none = 0n as Size;
  return { ...holding, position: { ...holding.position, bids: none, asks: none } };
};
