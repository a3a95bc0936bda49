import { transfersOf } from '../../../src/core/message/event';
import type { LiquidationTermsInput } from '../../../src/core/message/liquidationTermsInput';
import { formatScaled } from '../../../src/units/decimal';
import { mark, pay, trade } from '../../support/given';
import { type TestHouse } from '../../support/house';
import {
  fallen,
  fill,
  fillOf,
  linesOf,
  liquidating,
  onlyOf,
  openOrders,
  placeOf,
  sizeOf,
  statusOf,
} from '../../support/liquidation';
import { ledgerOf } from '../../support/waterfall';

const dollars = (cents: bigint): string => formatScaled(cents, 2);
const SECOND = { id: 'second', role: 'RISK_OFFICER', member: null } as const;

describe('LP-1 the penalty', () => {
  const penalty = { penaltyTiers: [{ floor: '0', rate: '0.01' }] };

  test('LP-1 is a line of its own beside the fee, to the fund, with its base and the version of its rule', () => {
    const { house } = liquidating({ terms: penalty });
    // 1,500 / (50,000 x (2.5 % - 1.5 %)) = 3 contracts.
    const { charges, transfers } = onlyOf(fill(house, '50000', '3'), 'LiquidationOrderFilled');
    expect(charges).toEqual({
      closed: 15_000_000n,
      fee: 75_000n,
      feeDue: 75_000n,
      penalty: 150_000n,
      penaltyDue: 150_000n,
      policyVersion: 1,
    });
    expect(linesOf(transfers).filter((line) => line.startsWith('LIQUIDATION'))).toEqual([
      'LIQUIDATION_FEE account/alice > insurance-fund 75000',
      'LIQUIDATION_PENALTY account/alice > insurance-fund 150000',
    ]);
  });

  test(
    'LP-1 LP-3 loss, then fee, then penalty, then the rest back: the penalty gives way first, and nothing goes ' +
      'below zero',
    () => {
      // Equity behind all 10 is 11,000: what the price takes leaves so much for fee (2,500) and penalty (5,000).
      for (const [price, fee, fine, left] of [
        ['50000', 250_000n, 500_000n, '3500.00'],
        ['49650', 250_000n, 500_000n, '0.00'],
        ['49649.9', 250_000n, 499_900n, '0.00'],
        ['49150', 250_000n, 0n, '0.00'],
        ['49149.9', 249_900n, 0n, '0.00'],
        ['48900', 0n, 0n, '0.00'],
      ] as const) {
        const { house } = liquidating({ terms: { ...penalty, slippage: '0.03' } });
        const { charges } = onlyOf(fill(house, price, '10'), 'LiquidationOrderFilled');
        expect([price, charges.fee, charges.penalty, house.balance('alice')]).toEqual([price, fee, fine, left]);
        expect(ledgerOf(house, 'insurance-fund')).toBe(fee + fine);
      }
    },
  );
});

describe('LP-2 tiers by size and repetition', () => {
  const tiers: Partial<LiquidationTermsInput> = {
    feeRate: '0',
    slippage: '0.05',
    penaltyTiers: [
      { floor: '0', rate: '0.001' },
      { floor: '500000', rate: '0.003' },
    ],
  };

  test.each([
    ['9.9', 4_950n * 10n], // 495,000 x 0.1 %
    ['10', 150_000n], // 500,000 x 0.3 %
  ])('LP-2 a position of %s contracts is in the tier of its whole size', (contracts, expected) => {
    const { house } = liquidating({ contracts, deposit: contracts === '10' ? '31000' : '30690', terms: tiers });
    expect(onlyOf(fill(house, '50000', contracts), 'LiquidationOrderFilled').charges.penalty).toBe(expected);
  });

  test('LP-2 each liquidation within the window adds the surcharge, up to the maximum; outside it counts no more', () => {
    const terms: Partial<LiquidationTermsInput> = {
      feeRate: '0',
      penaltyTiers: [{ floor: '0', rate: '0.001' }],
      repeatSurcharge: '0.002',
      repeatMaximum: 2,
      repeatWindow: 86_400_000,
    };
    const house = fallen({ terms });
    const rates: (string | undefined)[] = [];
    const again = (wait: string): void => {
      house.pass(wait);
      mark(house, '52000');
      house.send({ type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '100000' });
      expect(statusOf(house)).toBe('HEALTHY');
      // Down to 110 a lot at 50,000 again, as in the beginning, and the 200 that it will have lost by then.
      const amount = house.state.book.balance('alice', 'USD') - sizeOf(house) * 31_000n;
      house.send({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: dollars(amount) });
      mark(house, '50000');
      house.pass('1h');
    };
    const close = (): void => {
      const [order] = openOrders(house) as [NonNullable<ReturnType<typeof openOrders>[number]>];
      const { charges } = onlyOf(house.send(fillOf(order, '50000', '0.1')), 'LiquidationOrderFilled');
      rates.push(String((charges.penaltyDue * 1000n) / charges.closed));
      pay(house, 'alice', '50000');
      expect(statusOf(house)).not.toBe('LIQUIDATING');
    };
    house.pass('1h');
    close();
    for (const wait of ['1h', '1h', '1h', '48h']) {
      again(wait);
      close();
    }
    expect(rates).toEqual(['1', '3', '5', '5', '1']);
  });

  test.each([
    ['a deposit', (house: TestHouse) => pay(house, 'alice', '1500')],
    ['closing 3 contracts oneself', (house: TestHouse) => trade(house, 'maker', 'alice', '3', '50000')],
    ['the price', (house: TestHouse) => mark(house, '50200')],
  ])('LP-2 a call that is met by %s before its deadline costs nothing', (_, cure) => {
    const house = fallen({ terms: { ...tiers, feeRate: '0.005' } });
    expect(statusOf(house)).toBe('CALL');
    cure(house);
    house.pass('2h');
    const events = house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : []));
    expect(events.map(({ type }) => type)).not.toContain('LiquidationStarted');
    const taken = events.flatMap(transfersOf);
    expect(taken.filter(({ reason }) => reason.startsWith('LIQUIDATION'))).toEqual([]);
    expect(ledgerOf(house, 'insurance-fund')).toBe(0n);
  });
});

test('LP-5 a liquidation ruled wrong: fee and penalty go back by entries that name the old ones, once, by two persons', () => {
  const { house } = liquidating({ terms: { penaltyTiers: [{ floor: '0', rate: '0.01' }] } });
  fill(house, '50000', '3');
  mark(house, '53000');
  const before = house.state.book.balance('alice', 'USD');
  for (const kind of ['LIQUIDATION_FEE', 'LIQUIDATION_PENALTY'] as const) {
    const { entry, place, transfer } = placeOf(house.entries, ({ reason }) => reason === kind, transfersOf);
    const { from, to, currency } = transfer;
    const amount = dollars(transfer.amount);
    const command = {
      type: 'ReverseTransfer',
      entry,
      place,
      kind,
      from,
      to,
      currency,
      amount,
      reason: 'the mark was wrong',
    } as const;
    const { id, hash } = onlyOf(house.send(command), 'ProposalCreated').created;
    const reversed = onlyOf(house.send({ type: 'ApproveProposal', proposal: id, hash }, SECOND), 'TransferReversed');
    expect(reversed).toMatchObject({ entry, place, reason: 'the mark was wrong' });
    expect(linesOf(reversed.transfers)).toEqual([`REVERSAL insurance-fund > account/alice ${transfer.amount}`]);
    expect(house.refusal(command)).toBe('TRANSFER_NOT_REVERSIBLE');
  }
  expect(house.state.book.balance('alice', 'USD') - before).toBe(75_000n + 150_000n);
  expect(ledgerOf(house, 'insurance-fund')).toBe(0n);
});
