/**
 * Corrections are new bookings the other way that name the old; nothing is deleted, nothing twice, nothing invented.
 * DS-4, LP-5
 */

import type { CommandOf } from '../../../src/core/message/command';
import { eventsOf } from '../../../src/core/message/envelope';
import { type Event, transfersOf } from '../../../src/core/message/event';
import type { Transfer } from '../../../src/core/message/ledger';
import { formatScaled } from '../../../src/units/decimal';
import { classicPolicy, mark, onePerpetual, openAccount, pay, trade, tradeOf } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo, leveragedHouse, usd } from '../../support/ladder';

/** The command that undoes a transfer of the journal, found by what it was for. */
function undo(house: TestHouse, wanted: (transfer: Transfer, event: Event) => boolean): CommandOf<'ReverseTransfer'> {
  for (const entry of house.entries) {
    const transfers = eventsOf(entry.outcome).flatMap((event) =>
      transfersOf(event).map((transfer) => ({ transfer, event })),
    );
    const place = transfers.findIndex(({ transfer, event }) => wanted(transfer, event));
    const found = transfers[place]?.transfer;
    if (!found) continue;
    const { from, to, currency, amount, reason: kind } = found;
    return {
      type: 'ReverseTransfer',
      entry: entry.seq,
      place,
      kind,
      from,
      to,
      currency,
      amount: formatScaled(amount, 2),
      reason: 'erroneous',
    };
  }
  throw new Error('No such transfer');
}

/** Alice liquidated with fee and penalty, restored, and well in funds again. */
function liquidated(): TestHouse {
  const terms = {
    feeRate: '0.005',
    feeShares: { liquidator: '0', fund: '0.6', house: '0.4' },
    penaltyTiers: [{ floor: '0', rate: '0.001' }],
  };
  const house = leveragedHouse({ policy: classicPolicy(terms) });
  mark(house, '48305');
  const [order] = house.state.liquidationOrders.values();
  const size = formatScaled(-(order?.size ?? 0n), 1);
  house.send({
    type: 'ReportLiquidationFill',
    order: order?.id ?? '',
    trade: 'f',
    counterparty: 'maker',
    price: '48305',
    size,
  });
  mark(house, '52000');
  return house;
}

test('LP-5 DS-4 fee and penalty of an erroneous liquidation come back by entries that name theirs', () => {
  const house = liquidated();
  const before = house.state.book.balance('alice', 'USD');
  const journal = house.entries.length;
  let returned = 0n;
  for (const [kind, from] of [
    ['LIQUIDATION_FEE', 'insurance-fund'],
    ['LIQUIDATION_FEE', 'house-fees'],
    ['LIQUIDATION_PENALTY', 'insurance-fund'],
  ] as const) {
    const command = undo(house, (transfer) => transfer.reason === kind && transfer.to === from);
    const [reversed] = ofType(byTwo(house, command), 'TransferReversed');
    expect(reversed).toMatchObject({
      entry: command.entry,
      place: command.place,
      reason: 'erroneous',
      transfers: [{ from, to: 'account/alice', currency: 'USD', reason: 'REVERSAL' }],
    });
    returned += reversed?.amount ?? 0n;
    // The old booking stands where it stood.
    expect(undo(house, (transfer) => transfer.reason === kind && transfer.to === from)).toEqual(command);
  }
  const charged = house.entries
    .flatMap((entry) => ofType(eventsOf(entry.outcome), 'LiquidationOrderFilled'))
    .map(({ charges }) => charges.fee + charges.penalty);
  expect(returned).toBe(charged.reduce((sum, part) => sum + part));
  expect(house.state.book.balance('alice', 'USD') - before).toBe(returned);
  expect(house.entries.length).toBe(journal + 6);
});

test('DS-4 a transfer is undone once', () => {
  const house = liquidated();
  const command = undo(house, (transfer) => transfer.reason === 'LIQUIDATION_PENALTY');
  byTwo(house, command);
  expect(house.refusal(command)).toBe('TRANSFER_NOT_REVERSIBLE');
});

test('DS-4 a deposit booked in error goes back out, within what may leave; a transfer goes back where it came from', () => {
  const house = onePerpetual();
  openAccount(house, 'alice', '100');
  openAccount(house, 'alice-2', undefined, { owner: 'alice' });
  byTwo(
    house,
    undo(house, (transfer) => transfer.reason === 'DEPOSIT'),
  );
  expect([house.balance('alice'), house.state.ledger.get('external USD')]).toEqual(['0.00', undefined]);
  pay(house, 'alice', '50');
  house.send({ type: 'TransferCollateral', from: 'alice', to: 'alice-2', currency: 'USD', amount: '50' });
  byTwo(
    house,
    undo(house, (transfer) => transfer.reason === 'TRANSFER'),
  );
  expect([house.balance('alice'), house.balance('alice-2')]).toEqual(['50.00', '0.00']);
});

test('DS-4 IM-5 a reversal passes the gate of a withdrawal: nothing goes back that holds margin', () => {
  const house = leveragedHouse();
  const deposit = undo(house, (transfer) => transfer.reason === 'DEPOSIT' && transfer.to === 'account/alice');
  expect(house.refusal(deposit)).toBe('COLLATERAL_ENCUMBERED');
  mark(house, '48600');
  expect(house.refusal(deposit)).toBe('MARGIN_CALL_OPEN');
});

test('DS-4 a trading fee comes back from the house, and a rebate does not go back', () => {
  const house = onePerpetual({ takerFee: '0.0005', makerFee: '-0.0001' });
  openAccount(house, 'alice', '100000');
  openAccount(house, 'bob', '100000');
  house.send({ ...tradeOf('alice', 'bob', '10', '50000'), taker: 'BUY' });
  expect(house.refusal(undo(house, (transfer) => transfer.reason === 'REBATE'))).toBe('TRANSFER_NOT_REVERSIBLE');
  // 250.00 less the 50.00 handed on as rebate are there.
  expect(house.refusal(undo(house, (transfer) => transfer.reason === 'TRADING_FEE'))).toBe('INSUFFICIENT_FUNDS');
  trade(house, 'bob', 'alice', '0.1', '50000');
  house.send({ ...tradeOf('alice', 'bob', '2', '50000'), taker: 'BUY' });
  byTwo(
    house,
    undo(house, (transfer) => transfer.amount === usd('50.00') && transfer.reason === 'TRADING_FEE'),
  );
});

describe('refusals, each row breaking every later rule too', () => {
  const house = liquidated();
  const { seq } = house.state;

  test.each`
    row                                   | kind                 | entry       | place  | from               | to                      | currency | amount          | code
    ${'a gain is settled for good'}       | ${'REALISED'}        | ${seq}      | ${0}   | ${'account/x'}     | ${'account/y'}          | ${'X'}   | ${'0.001'}      | ${'TRANSFER_NOT_REVERSIBLE'}
    ${'so is variation'}                  | ${'VARIATION'}       | ${seq}      | ${0}   | ${'account/x'}     | ${'variation/BTC-PERP'} | ${'X'}   | ${'0.001'}      | ${'TRANSFER_NOT_REVERSIBLE'}
    ${'and a reversal'}                   | ${'REVERSAL'}        | ${seq}      | ${0}   | ${'account/x'}     | ${'account/y'}          | ${'X'}   | ${'0.001'}      | ${'TRANSFER_NOT_REVERSIBLE'}
    ${'an entry still to come'}           | ${'DEPOSIT'}         | ${seq + 99} | ${0}   | ${'external'}      | ${'account/x'}          | ${'X'}   | ${'0.001'}      | ${'TRANSFER_NOT_REVERSIBLE'}
    ${'no entry at all'}                  | ${'DEPOSIT'}         | ${0}        | ${0}   | ${'external'}      | ${'account/x'}          | ${'X'}   | ${'0.001'}      | ${'TRANSFER_NOT_REVERSIBLE'}
    ${'a place before the first'}         | ${'DEPOSIT'}         | ${1}        | ${-1}  | ${'external'}      | ${'account/x'}          | ${'X'}   | ${'0.001'}      | ${'TRANSFER_NOT_REVERSIBLE'}
    ${'a place between two'}              | ${'DEPOSIT'}         | ${1}        | ${0.5} | ${'external'}      | ${'account/x'}          | ${'X'}   | ${'0.001'}      | ${'TRANSFER_NOT_REVERSIBLE'}
    ${'from a name to itself'}            | ${'TRANSFER'}        | ${1}        | ${0}   | ${'account/alice'} | ${'account/alice'}      | ${'X'}   | ${'0.001'}      | ${'TRANSFER_NOT_REVERSIBLE'}
    ${'a deposit into a control account'} | ${'DEPOSIT'}         | ${1}        | ${0}   | ${'external'}      | ${'variation/BTC-PERP'} | ${'X'}   | ${'0.001'}      | ${'TRANSFER_NOT_REVERSIBLE'}
    ${'a fee to a name nobody has'}       | ${'LIQUIDATION_FEE'} | ${1}        | ${0}   | ${'account/alice'} | ${'my-pocket'}          | ${'X'}   | ${'0.001'}      | ${'TRANSFER_NOT_REVERSIBLE'}
    ${'no currency'}                      | ${'DEPOSIT'}         | ${1}        | ${0}   | ${'external'}      | ${'account/x'}          | ${'X'}   | ${'0.001'}      | ${'CURRENCY_NOT_FOUND'}
    ${'more digits than cents'}           | ${'DEPOSIT'}         | ${1}        | ${0}   | ${'external'}      | ${'account/x'}          | ${'USD'} | ${'0.001'}      | ${'TOO_MANY_DIGITS'}
    ${'nothing'}                          | ${'DEPOSIT'}         | ${1}        | ${0}   | ${'external'}      | ${'account/x'}          | ${'USD'} | ${'0.00'}       | ${'AMOUNT_NOT_POSITIVE'}
    ${'no payer'}                         | ${'DEPOSIT'}         | ${1}        | ${0}   | ${'external'}      | ${'account/x'}          | ${'USD'} | ${'1'}          | ${'ACCOUNT_NOT_FOUND'}
    ${'no receiver'}                      | ${'LIQUIDATION_FEE'} | ${1}        | ${0}   | ${'account/x'}     | ${'house-fees'}         | ${'USD'} | ${'1000000000'} | ${'ACCOUNT_NOT_FOUND'}
    ${'more than the house has'}          | ${'LIQUIDATION_FEE'} | ${1}        | ${0}   | ${'account/alice'} | ${'house-fees'}         | ${'USD'} | ${'1000000000'} | ${'INSUFFICIENT_FUNDS'}
    ${'more than may leave'}              | ${'DEPOSIT'}         | ${1}        | ${0}   | ${'external'}      | ${'account/alice'}      | ${'USD'} | ${'1000000000'} | ${'COLLATERAL_ENCUMBERED'}
  `('DS-4 $row', ({ kind, entry, place, from, to, currency, amount, code }) => {
    expect(house.refusal({ type: 'ReverseTransfer', entry, place, kind, from, to, currency, amount, reason: '' })).toBe(
      code,
    );
  });
});
