/** Commands of the settlement service. */

import { kind } from '../kind/kind';
import type { LiquidationOrderId } from '../model/liquidation';
import { type CommandsOf, commands } from './definition';

export const SETTLEMENT_COMMANDS = commands({
  ReportLiquidationFill: {
    does: 'Reports that a liquidation order was filled, in part or whole.',
    by: ['FEED', 'LIQUIDATOR'],
    takes: 'The fill.',
    about: 'A fill of a liquidation order.',
    fields: {
      order: kind.id<LiquidationOrderId>('The order.'),
      trade: kind.id("The venue's id of the trade. A second fill with the same id is refused."),
      counterparty: kind.account('The account on the other side. It is checked like a side of any trade.'),
      price: kind.decimal('The price, in the quote currency, no worse than the limit of the order.'),
      size: kind.decimal('Contracts, above zero, at most what is left of the order.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'LIQUIDATION_ORDER_NOT_FOUND',
      'ORDER_NOT_AT_VENUE',
      'DUPLICATE_TRADE',
      'ACCOUNT_NOT_FOUND',
      'SAME_ACCOUNT',
      'CURRENCY_MISMATCH',
      'PRICE_NOT_POSITIVE',
      'PRICE_OFF_TICK',
      'VALUE_OUT_OF_RANGE',
      'SIZE_NOT_POSITIVE',
      'SIZE_OFF_LOT',
      'FILL_TOO_LARGE',
      'FILL_WORSE_THAN_LIMIT',
      'ACCOUNT_NOT_OPEN',
      'MEMBER_SUSPENDED',
      'ACCOUNT_ISOLATED',
      'MARGIN_CALL_OPEN',
      'INSTRUMENT_NOT_TRADING',
      'INSTRUMENT_ENDING',
      'INSTRUMENT_NOT_CONFIGURED',
      'PRICE_MISSING',
      'PRICE_STALE',
      'PRICE_DOUBTED',
      'TRADE_CREATES_SHORTFALL',
      'INSUFFICIENT_INITIAL_MARGIN',
      'POSITION_LIMIT_EXCEEDED',
      'POSITION_ABOVE_FLOAT',
    ],
  },
});
export type SettlementCommand = CommandsOf<typeof SETTLEMENT_COMMANDS>;
