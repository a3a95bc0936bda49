/** Commands of deleveraging, tear-up and market limits. */

import { kind } from '../kind/kind';
import { DELEVERAGING_BOUND, DELEVERAGING_POLICY_METHOD, DELEVERAGING_SCORE, PROFIT_BASIS } from '../model/deleveraging';
import { type AskedOf, type CommandsOf, commands, OFFICERS } from './definition';

export const INVENTORY_CAP_INPUT = kind.part(
  'InventoryCapInput',
  'The loss that inventory of one instrument may come to within a loss period: an amount, a share of the fund, or the lower of both.',
  {
    amount: kind.nullable(kind.cash('currency', 'At most this, in the settlement currency.')),
    fundShare: kind.nullable(kind.rate('At most this share of the insurance fund, what it paid for the inventory added back.')),
    stop: kind.ratio('Once the cap was reached inventory is not kept again before its loss is at this share of the cap, 0 to 1.'),
  },
);
export type InventoryCapInput = AskedOf<typeof INVENTORY_CAP_INPUT>;

export const DELEVERAGING_COMMANDS = commands({
  SetDeleveragingPolicy: {
    does: 'Sets a version of the policy by which positions are deleveraged. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of the policy by which positions are deleveraged.',
    fields: {
      currency: kind.currency('The settlement currency.'),
      instrument: kind.nullable(kind.instrument('The instrument; null: every one of the currency without a policy of its own.')),
      method: kind.oneOf(DELEVERAGING_POLICY_METHOD, 'Against whom.'),
      score: kind.oneOf(DELEVERAGING_SCORE, 'By which formula holders are ranked.'),
      bound: kind.oneOf(DELEVERAGING_BOUND, 'The most a holder can be asked.'),
      basis: kind.oneOf(PROFIT_BASIS, 'What counts as profit.'),
      inventoryCap: kind.nullable(
        kind.said(INVENTORY_CAP_INPUT, 'The loss that inventory of the instrument may come to; null: what the layers bear.'),
      ),
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
    does: 'Closes what the house took over of an instrument against the other side, pro rata to what each holds, at the mark. Needs a second person.',
    by: OFFICERS,
    takes: 'How much of it.',
    about: 'How much of what the house took over is closed against the other side: contracts, or a share.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      size: kind.nullable(kind.size('instrument', 'Contracts, above zero.')),
      share: kind.nullable(kind.rate('Share of the inventory, above 0 to 1.')),
      reason: kind.text('Why: kept with the act.'),
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
    does: 'Sets what there may be of an instrument against its free float. To let more in than before needs a second person.',
    by: OFFICERS,
    takes: 'The limits.',
    about: 'What there may be of an instrument against the free float of its underlying.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      float: kind.size('instrument', 'Contracts that the free float amounts to, above zero.'),
      openInterestShare: kind.nullable(kind.rate('Trades that raise open interest above this share of it are refused; null: none are.')),
      positionShare: kind.nullable(
        kind.rate('Trades that raise the positions of one owner above this share of it are refused; null: none are.'),
      ),
    },
    secondPerson: 'IN_CASES',
    refusals: ['INSTRUMENT_NOT_FOUND', 'SIZE_NOT_POSITIVE', 'SIZE_OFF_LOT', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
});
export type DeleveragingCommand = CommandsOf<typeof DELEVERAGING_COMMANDS>;
