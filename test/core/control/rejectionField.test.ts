/** A refusal says which field of its command it is about, what was asked for and what there was. */

import type { Command } from '../../../src/core/message/command';
import { reject } from '../../../src/core/message/rejection';
import { rejectedField } from '../../../src/core/message/rejectionField';

const trade = {
  type: 'SubmitTrade',
  trade: 't',
  instrument: 'BTC-PERP',
  buyer: 'alice',
  seller: 'bob',
  price: '50000',
  size: '1',
  ...{ taker: null, buyOrder: null, sellOrder: null, executedAt: null },
} as unknown as Command;
const withdrawal = {
  type: 'WithdrawCollateral',
  account: 'alice',
  currency: 'USD',
  amount: '10',
} as unknown as Command;
const policy = {
  type: 'SetMarginPolicy',
  policy: 'classic',
  currency: 'USD',
  warnings: [],
  call: [{ base: 'INITIAL', ratio: '1' }],
  liquidation: {
    feeRate: '0.01',
    severityTiers: [
      { below: '0.1', rate: '0' },
      { below: '0.1', rate: '0' },
    ],
  },
} as unknown as Command;

test.each([
  ['the side that is short, by what stands in it', trade, reject('ACCOUNT_NOT_FOUND', { account: 'bob' }), ['seller']],
  [
    'a field by its name before one by its value',
    trade,
    reject('INSTRUMENT_NOT_FOUND', { instrument: 'BTC-PERP' }),
    ['instrument'],
  ],
  ['a field that the check names', trade, reject('VALUE_OUT_OF_RANGE', { field: 'price', value: '50000' }), ['price']],
  [
    'a field that the definition names',
    withdrawal,
    reject('OWNER_OWES', { currency: 'USD', free: '0.00' }),
    ['amount'],
  ],
  [
    'a field within',
    policy,
    reject('VALUE_OUT_OF_RANGE', { field: 'feeRate', value: '2' }),
    ['liquidation', 'feeRate'],
  ],
  [
    'an item',
    policy,
    reject('TIERS_NOT_CONTIGUOUS', { tier: '2', field: 'severityTiers' }),
    ['liquidation', 'severityTiers', '1'],
  ],
  ['nothing', withdrawal, reject('WITHDRAWALS_GATED', { cause: 'RECENT_LOSS' }), null],
])('%s', (_, command, rejection, field) => {
  expect(rejectedField(command, rejection).field).toEqual(field);
});

test('what was asked for and what there was come in the units of the field', () => {
  const details = { currency: 'USD', requested: '10.00', free: '9.99' };
  expect(rejectedField(withdrawal, reject('COLLATERAL_ENCUMBERED', details))).toEqual({
    field: ['amount'],
    required: '10.00',
    available: '9.99',
  });
  const short = { account: 'alice', currency: 'USD', required: '2500.00', available: '2499.99' };
  expect(rejectedField(trade, reject('INSUFFICIENT_INITIAL_MARGIN', short))).toEqual({
    field: ['buyer'],
    required: '2500.00',
    available: '2499.99',
  });
  expect(rejectedField(trade, reject('SIZE_OFF_LOT', { size: '1', lot: '0.1' }))).toEqual({
    field: ['size'],
    required: '0.1',
    available: null,
  });
});
