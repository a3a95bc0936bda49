/** Commands of deleveraging, tear-up and market limits. */

import { kind } from '../kind/kind';
import {
  DELEVERAGING_BOUND,
  DELEVERAGING_POLICY_METHOD,
  DELEVERAGING_SCORE,
  PROFIT_BASIS,
} from '../model/deleveraging';
import { type AskedOf, type CommandsOf, commands, EFFECTIVE, OFFICERS } from './definition';

export const INVENTORY_CAP_INPUT = kind.part(
  'InventoryCapInput',
  "The loss that the house's inventory of one instrument may reach within a loss period: an " +
    'amount, a share of the fund, or the lower of both.',
  {
    amount: kind.nullable(kind.cash('currency', 'The cap as an amount, in the settlement currency.')),
    fundShare: kind.nullable(
      kind.rate('The cap as a share of the insurance fund. What the fund paid for the inventory is added back.'),
    ),
    stop: kind.ratio(
      'After the cap was reached, the house keeps inventory again once its loss is at this share ' +
        'of the cap, 0 to 1.',
    ),
  },
);
export type InventoryCapInput = AskedOf<typeof INVENTORY_CAP_INPUT>;

export const DELEVERAGING_COMMANDS = commands({
  SetDeleveragingPolicy: {
    does: 'Sets a version of the deleveraging policy. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of the deleveraging policy.',
    fields: {
      currency: kind.currency('The settlement currency.'),
      instrument: kind.nullable(
        kind.instrument('The instrument. Null means every instrument of the currency without a policy of its own.'),
      ),
      method: kind.oneOf(DELEVERAGING_POLICY_METHOD, 'How holders are chosen.'),
      score: kind.oneOf(DELEVERAGING_SCORE, 'The formula that ranks holders.'),
      bound: kind.oneOf(DELEVERAGING_BOUND, 'The most that a holder can be asked to give up.'),
      basis: kind.oneOf(PROFIT_BASIS, 'What counts as profit.'),
      inventoryCap: kind.nullable(
        kind.said(INVENTORY_CAP_INPUT, 'The inventory cap. Null if only the layers limit the loss.'),
      ),
      ...EFFECTIVE,
    },
    secondPerson: 'ONCE_OPEN',
    refusals: [
      'CURRENCY_NOT_FOUND',
      'INSTRUMENT_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'CAP_INVALID',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'INVENTORY_HELD',
    ],
  },
  TearUpPositions: {
    does:
      "Closes the house's inventory of an instrument against the other side, at the mark, pro rata " +
      'to what each holds. Needs a second person.',
    by: OFFICERS,
    takes: 'The share of it.',
    about: "The part of the house's inventory that is closed against the other side: contracts, or a share.",
    fields: {
      instrument: kind.instrument('The instrument.'),
      size: kind.nullable(kind.size('instrument', 'Contracts, above zero.')),
      share: kind.nullable(kind.rate('The share of the inventory, above 0 to 1.')),
      reason: kind.text('The reason, kept with the act.'),
    },
    secondPerson: 'ALWAYS',
    refusals: [
      'INSTRUMENT_NOT_FOUND',
      'VALUE_OUT_OF_RANGE',
      'SIZE_NOT_POSITIVE',
      'SIZE_OFF_LOT',
      'TOO_MANY_DIGITS',
      'PRICE_MISSING',
      'PRICE_STALE',
      'INVENTORY_TOO_SMALL',
    ],
  },
  SetMarketLimits: {
    does: 'Sets the limits of an instrument against its free float. Looser limits need a second person.',
    by: OFFICERS,
    takes: 'The limits.',
    about: 'The limits of an instrument against the free float of its underlying.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      float: kind.size(
        'instrument',
        'The free float in contracts, above zero. At the mark they are worth its market value.',
      ),
      openInterestShare: kind.nullable(
        kind.rate('The highest share of the free float that trades may raise open interest to. Null means no limit.'),
      ),
      positionShare: kind.nullable(
        kind.rate(
          'The highest share of the free float that trades may raise the positions of one owner to. ' +
            'Null means no limit.',
        ),
      ),
      ...EFFECTIVE,
    },
    secondPerson: 'IN_CASES',
    refusals: ['INSTRUMENT_NOT_FOUND', 'SIZE_NOT_POSITIVE', 'SIZE_OFF_LOT', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
});
export type DeleveragingCommand = CommandsOf<typeof DELEVERAGING_COMMANDS>;
