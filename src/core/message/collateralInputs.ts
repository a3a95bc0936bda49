/** Parts of the command that sets terms of collateral. */

import { kind } from '../kind/kind';
import type { AskedOf } from './definition';

export const HAIRCUT_BRACKET_INPUT = kind.part(
  'HaircutBracketInput',
  'Haircuts of what one account holds above an amount. They hold up to the amount of the next bracket.',
  {
    above: kind.cash('currency', 'The amount above which they hold, in the currency of the collateral.'),
    haircut: kind.rate('The haircut for calls and close-out. Never below that of the bracket before.'),
    openingHaircut: kind.nullable(
      kind.rate(
        'The haircut for new risk and withdrawals. Never below `haircut`, nor that of the bracket before. Null means ' +
          'the higher of these two.',
      ),
    ),
  },
);

export const HAIRCUT_BASIS_INPUT = kind.part(
  'HaircutBasisInput',
  'By what a haircut is measured: it is never below multiple x volatility x the root of the horizon in years of 365 ' +
    'days.',
  {
    volatility: kind.rate('The volatility of a year, as a share of the price, 0 to 100.'),
    multiple: kind.ratio('How many standard deviations the haircut covers, above 0, at most 100.'),
    horizon: kind.span('How long it takes to sell the collateral: 1 minute to 366 days.'),
  },
);

/** Terms of collateral.  Rules: RB-4, ruling 11 */
export const COLLATERAL_TERMS_INPUT = {
  currency: kind.currency('The currency.'),
  haircut: kind.rate('The haircut: the share taken off its index value for calls and close-out, 0 to 1.'),
  conversionDiscount: kind.rate(
    'The share below the index at which the house takes it over to cover a debt. Not above the haircut.',
  ),
  eligible: kind.flag('Whether it may be deposited and backs new risk and withdrawals.'),
  runOffDate: kind.optional(
    kind.nullable(
      kind.instant(
        'Of a currency that is not eligible: the instant from which what is still held of it counts for nothing. ' +
          'Null means that it goes on counting for what is open.',
      ),
    ),
  ),
  openingHaircut: kind.optional(
    kind.nullable(
      kind.rate('The haircut for new risk and withdrawals. Null means `haircut`. Never below it, at most 1.'),
    ),
  ),
  brackets: kind.optional(
    kind.or(
      kind.list(
        HAIRCUT_BRACKET_INPUT,
        'Higher haircuts of what one account holds above stated amounts, ascending. At most 20.',
      ),
      [],
    ),
  ),
  accountLimit: kind.optional(
    kind.nullable(
      kind.cash('currency', 'What one account holds above this amount counts for nothing. Null means no limit.'),
    ),
  ),
  houseLimit: kind.optional(
    kind.nullable(
      kind.cash(
        'currency',
        'What all accounts together hold above this amount counts for nothing for new risk and withdrawals: of each ' +
          'the same share. Null means no limit.',
      ),
    ),
  ),
  wrongWayHaircut: kind.optional(
    kind.nullable(
      kind.rate(
        'The least haircut, for new risk and withdrawals, of collateral up to the value of the long positions that the ' +
          'account has in contracts on the same currency. 1 means that it counts for nothing there. Null means no such ' +
          'rule.',
      ),
    ),
  ),
  basis: kind.optional(
    kind.nullable(kind.said(HAIRCUT_BASIS_INPUT, 'By what `haircut` is measured. Null means that it is not.')),
  ),
};
export type HaircutBracketInput = AskedOf<typeof HAIRCUT_BRACKET_INPUT>;
export type HaircutBasisInput = AskedOf<typeof HAIRCUT_BASIS_INPUT>;
