/**
 * Equity: cash, unrealised gains and losses at the mark, and other collateral after haircut.  Rules: AH-1, PV-2, QC-3
 */

import { type Cash, cash, type Margin, margin, marginOf, NO_MARGIN, total } from '../../units/quantity';
import { cashDown } from '../../units/rounding';
import { gainAt, unrealisedOf } from '../position/value';
import type { Picture } from './picture';

export const unrealisedOfAccount = ({ holdings }: Picture): Cash =>
  total(holdings.map(({ instrument, position, mark }) => unrealisedOf(instrument, position, mark)));

/** The same to the last part, as equity counts it. */
const gainOfAccount = ({ holdings }: Picture): Margin =>
  total(holdings.map(({ instrument, position, mark }) => gainAt(instrument, position, mark)));

export const collateralValueOf = ({ collateral }: Picture): Margin =>
  collateral.reduce((sum, item) => margin(sum + item.value), NO_MARGIN);

/** Unit: margin of the account's currency, signed. */
export const equityOf = (picture: Picture): Margin =>
  margin(marginOf(picture.cash) + gainOfAccount(picture) + collateralValueOf(picture));

/**
 * What may leave: equity without unrealised gains, above what is required. A gain that is not settled is not there yet.
 * Rules: IM-5 (CFTC 1.44), S11
 */
export function freeCollateralOf(picture: Picture, required: Margin): Cash {
  const free = cashDown(spareOf(picture, required));
  return free > 0n ? free : cash(0n);
}

/** The same without rounding, below zero where what is required is not covered. */
export function spareOf(picture: Picture, required: Margin): Margin {
  const unrealised = unrealisedOfAccount(picture);
  const counted = margin(
    marginOf(cash(picture.cash + (unrealised < 0n ? unrealised : 0n))) + collateralValueOf(picture),
  );
  return margin(counted - required);
}
