/**
 * Asking the risk room, and the same answers by going through every account with the functions that call and liquidate.
 */

import { isBelow } from '../../../src/core/margin/level';
import { type Standing, standingOfAccount } from '../../../src/core/margin/standing';
import type { AccountId } from '../../../src/core/model/account';
import type { State, View } from '../../../src/core/model/state';
import { beginInquiry } from '../../../src/core/risk/inquiry';
import type { AnswerTo, Band, RiskQuestion } from '../../../src/core/risk/question';
import { formatScaled } from '../../../src/units/decimal';
import type { Price, Rate } from '../../../src/units/quantity';
import { Exact } from '../../support/oracle';

/** The answer, worked off so many accounts at a time; `between` happens to the house after every step. */
export function ask<Question extends RiskQuestion>(
  view: View,
  question: Question,
  most = 7,
  between: () => void = () => undefined,
): AnswerTo<Question> {
  const inquiry = beginInquiry(view, question);
  while (inquiry.step(most)) between();
  return inquiry.answer();
}

/** The house with every mark and index moved, rounded by another library than the house's own. */
export function movedView(state: State, move: Rate, only: string | null = null): View {
  const factor = new Exact(formatScaled(move, 12)).plus(1);
  const moved = (price: Price): Price =>
    BigInt(new Exact(price.toString()).times(factor).toDecimalPlaces(0, Exact.ROUND_HALF_EVEN).toFixed()) as Price;
  const listings = new Map(
    [...state.listings].map(([id, listing]) => {
      const isMoved = listing.mark && (only === null || only === id);
      return [
        id,
        isMoved && listing.mark ? { ...listing, mark: { ...listing.mark, price: moved(listing.mark.price) } } : listing,
      ];
    }),
  );
  const indices = new Map(
    [...state.indices].map(([id, listing]) => {
      const { price } = listing.state;
      return [
        id,
        price === null || only !== null ? listing : { ...listing, state: { ...listing.state, price: moved(price) } },
      ];
    }),
  );
  return { ...state, listings, indices };
}

export interface Stand {
  readonly id: AccountId;
  readonly band: Band;
  readonly notional: bigint;
  readonly standing: Standing;
}

/** Where every margin account stands. */
export function standsIn(view: View): Stand[] {
  return [...view.book.accountIds()].flatMap((id) => {
    const account = view.book.account(id);
    const policy = account && view.policies.get(account.policy);
    if (!policy || account.kind === 'CLOSE_OUT') return [];
    const standing = standingOfAccount(view, id);
    const { equity } = standing;
    const below = (level: typeof policy.call): boolean => isBelow(equity, level, standing);
    let band: Band = 'ABOVE';
    if ([...policy.warnings, policy.call].some(below)) band = 'WARNING';
    if (below(policy.call)) band = 'CALL';
    if (below(policy.closeOut)) band = 'CLOSE_OUT';
    if (equity < 0n) band = 'NEGATIVE';
    const notional = standing.picture.holdings.reduce((sum, { position, mark, instrument }) => {
      const value = position.size * mark * instrument.tickValue;
      return sum + (value < 0n ? -value : value);
    }, 0n);
    return [{ id, band, notional, standing }];
  });
}

export const tallyOf = (stands: readonly Stand[]) => ({
  accounts: stands.length,
  notional: stands.reduce((sum, { notional }) => sum + notional, 0n),
});
