/** A house with rates that rise with open interest. */

import type { CommandOf } from '../../src/core/message/command';
import { type Cash, cash } from '../../src/units/quantity';
import { flatTiers, onePerpetual, openAccount } from './given';
import type { TestHouse } from './house';

export type SetOpenInterestScaling = CommandOf<'SetOpenInterestScaling'>;

export const HOUR = 3_600_000;
export const MILLION = 1_000_000;
export const TIERS = flatTiers('0.2', '0.1');

export const scaling = (
  lowerCap: number,
  upperCap: number,
  interval = HOUR,
  instrument = 'BTC-PERP',
): SetOpenInterestScaling => ({
  type: 'SetOpenInterestScaling',
  instrument,
  ramp: { lowerCap: String(lowerCap), upperCap: String(upperCap), interval },
});

/** Two with 100,000,000 each, and rates that rise between 10 and 50 millions. */
export function house(): TestHouse {
  const made = onePerpetual({ tiers: TIERS });
  for (const account of ['a', 'b']) openAccount(made, account, String(100 * MILLION));
  made.send(scaling(10 * MILLION, 50 * MILLION));
  return made;
}

export const millions = (amount: number): Cash => cash(BigInt(Math.round(amount * 10_000)) * 10_000n);
