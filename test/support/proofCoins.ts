/** The coin of the proof that is collateral: haircuts that rise with the amount, and nothing above a limit.  RB-4 */

import type { Book } from '../../src/core/model/book';
import type { State } from '../../src/core/model/state';
import { cash, price } from '../../src/units/quantity';
import type { Coin, Step } from '../oracle/coins';
import { coins, START, send } from './proofHouse';

export const GEM = 'GEM/BTC';
/** Held by whole coins, so that what they count for is whole too, and equity can meet a level. */
export const WHOLE = 100_000_000n;

/** A hundredth of a bitcoin at first, with a tick of a millionth. */
export const gem = (): Coin => ({
  perTick: 1_000_000n,
  price: START,
  steps: [
    { above: 0n, counts: 90n },
    { above: 1_000n * WHOLE, counts: 70n },
    { above: 5_000n * WHOLE, counts: 35n },
    { above: 20_000n * WHOLE, counts: 0n },
  ],
});

const haircutOf = ({ counts }: Step): string => `0.${String(100n - counts).padStart(2, '0')}`;

export function defineCoin(state: State, { steps }: Coin): void {
  const [first, second, third, limit] = steps as [Step, Step, Step, Step];
  send(state, { type: 'DefineCurrency', currency: 'GEM', scale: 8 });
  send(state, {
    ...{ type: 'DefineIndex', base: 'GEM', quote: 'BTC', tick: '0.000001', sources: ['s'], minimumSources: 1 },
    ...{ maximumDeviation: '0.5', heartbeat: 7 * 86_400_000 },
  });
  send(state, {
    ...{ type: 'SetCollateralTerms', currency: 'GEM', haircut: haircutOf(first), conversionDiscount: '0' },
    ...{ eligible: true, accountLimit: coins(limit.above) },
    brackets: [second, third].map((step) => ({
      ...{ above: coins(step.above), haircut: haircutOf(step), openingHaircut: null },
    })),
  });
  send(state, {
    ...{ type: 'SubmitIndexPrices', source: 's' },
    prices: [{ index: GEM, price: '0.01', observedAt: null }],
  });
}

export function setCoinPrice({ indices }: State, coin: Coin, to: bigint): void {
  coin.price = to;
  const listing = indices.get(GEM);
  if (!listing) throw new Error('No index of the coin');
  indices.set(GEM, { ...listing, state: { ...listing.state, price: price(to) } });
}

/** What an account holds of it from here on. */
export const writeCoins = (book: Book, id: string, units: bigint): void =>
  book.addBalance(id, 'GEM', cash(units - book.balance(id, 'GEM')));
