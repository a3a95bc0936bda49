import { chargesPreviewOf } from '../../../src/core/margin/charges';
import { healthOf } from '../../../src/core/margin/health';
import { standingOfAccount } from '../../../src/core/margin/standing';
import type { LiquidationTermsInput } from '../../../src/core/message/liquidationTermsInput';
import { formatScaled } from '../../../src/units/decimal';
import {
  classicPolicy,
  definePerpetual,
  flatTiers,
  mark,
  onePerpetual,
  openAccount,
  pay,
  trade,
} from '../../support/given';
import { ofType } from '../../support/house';
import {
  fallen,
  fill,
  fillOf,
  linesOf,
  liquidating,
  onlyOf,
  openOrders,
  sizeOf,
  statusOf,
} from '../../support/liquidation';
import { ledgerOf } from '../../support/waterfall';

const dollars = (cents: bigint): string => formatScaled(cents, 2);

describe('LF-1 fee = rate x quantity closed x mark', () => {
  test('LF-1 0.2 % on one short contract at 2,000 is 4', () => {
    // The published vector of Aevo, with a linear contract: what is closed is worth 2,000 at the mark.
    const house = onePerpetual({ price: '1900', tick: '0.01', lot: '1', policy: classicPolicy({ feeRate: '0.002' }) });
    openAccount(house, 'maker', '100000');
    openAccount(house, 'alice', '140');
    trade(house, 'maker', 'alice', '1', '1900');
    mark(house, '2000'); // equity 40 against 50 of maintenance margin
    house.pass('1h');
    const { charges, transfers } = onlyOf(fill(house, '2000', '1'), 'LiquidationOrderFilled');
    expect(charges).toMatchObject({ closed: 200_000n, fee: 400n, feeDue: 400n, policyVersion: 1 });
    expect(linesOf(transfers)).toContain('LIQUIDATION_FEE account/alice > insurance-fund 400');
  });

  test('LF-1 only on what was closed, fill by fill, and at the mark whatever the fill was at', () => {
    const { house } = liquidating();
    const first = onlyOf(fill(house, '49900', '0.3'), 'LiquidationOrderFilled');
    expect(first.charges).toMatchObject({ closed: 1_500_000n, fee: 7500n });
    mark(house, '50001');
    const second = onlyOf(fill(house, '50001', '0.1'), 'LiquidationOrderFilled');
    expect(second.charges).toMatchObject({ closed: 500_010n, fee: 2501n }); // 25.0005, rounded up
    expect(ledgerOf(house, 'insurance-fund')).toBe(10_001n);
  });
});

describe('LF-2 who gets the fee', () => {
  const shared = (liquidator: string, fund: string, houseShare: string) => ({
    feeShares: { liquidator, fund, house: houseShare },
  });

  test("LF-2 fund and house by their shares, the liquidator's to the fund where there is none; the lines are the fee", () => {
    const { house } = liquidating({ terms: shared('0.25', '0.35', '0.4') });
    const { charges, transfers } = onlyOf(fill(house, '50000', '1.5'), 'LiquidationOrderFilled');
    expect(charges.fee).toBe(37_500n);
    const lines = transfers.filter(({ reason }) => reason === 'LIQUIDATION_FEE');
    expect(linesOf(lines)).toEqual([
      'LIQUIDATION_FEE account/alice > insurance-fund 13125',
      'LIQUIDATION_FEE account/alice > house-fees 15000',
      'LIQUIDATION_FEE account/alice > insurance-fund 9375',
    ]);
  });

  test('LF-2 a unit that does not divide goes to the largest remainder, the fund before the house', () => {
    const { house } = liquidating({ terms: shared('0.333333333333', '0.333333333334', '0.333333333333') });
    // 0.1 contracts at 50,000 and 0.5 %: 25.00, of which a third is 8.33 and a bit.
    fill(house, '50000', '0.1');
    expect([ledgerOf(house, 'insurance-fund'), ledgerOf(house, 'house-fees')]).toEqual([1667n, 833n]);
  });

  test('LF-2 in random splits every line is above zero and their sum is the fee, to the cent', () => {
    for (const [liquidator, fund, rest] of [
      ['0.1', '0.2', '0.7'],
      ['0', '1', '0'],
      ['0.999', '0.001', '0'],
      ['0.5', '0', '0.5'],
    ] as const) {
      const { house } = liquidating({ terms: { ...shared(liquidator, fund, rest), feeRate: '0.003337' } });
      for (const size of ['0.1', '0.3', '0.7']) {
        const { charges, transfers } = onlyOf(fill(house, '50000', size), 'LiquidationOrderFilled');
        const lines = transfers.filter(({ reason }) => reason === 'LIQUIDATION_FEE');
        expect(lines.every(({ amount }) => amount > 0n)).toBe(true);
        expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(charges.fee);
      }
    }
  });
});

describe('LF-3 the fee shrinks before the fund is touched', () => {
  test('LF-3 at the limit nothing is left to charge; a cent above it the fee is what is left', () => {
    // All 10 must go (slippage makes a part useless): equity 11,000, limit 48,900.
    const whole = { terms: { slippage: '0.03' } };
    const at = liquidating(whole).house;
    expect(openOrders(at)).toMatchObject([{ size: -100n, limit: 489_000n }]);
    expect(onlyOf(fill(at, '48900', '10'), 'LiquidationOrderFilled').charges).toMatchObject({
      feeDue: 250_000n,
      fee: 0n,
    });
    expect([at.balance('alice'), ledgerOf(at, 'insurance-fund')]).toEqual(['0.00', 0n]);

    const above = liquidating(whole).house;
    expect(onlyOf(fill(above, '48900.1', '10'), 'LiquidationOrderFilled').charges).toMatchObject({
      feeDue: 250_000n,
      fee: 100n,
    });
    expect([above.balance('alice'), ledgerOf(above, 'insurance-fund')]).toEqual(['0.00', 100n]);
  });

  test('LF-3 an order filled in parts at its limit ends at exactly nothing: no part is charged what a later one needs', () => {
    const { house } = liquidating({ terms: { slippage: '0.03' } });
    const [order] = openOrders(house) as [NonNullable<ReturnType<typeof openOrders>[number]>];
    for (const size of ['0.1', '3', '2.5', '4.4']) {
      const { charges } = onlyOf(house.send(fillOf(order, '48900', size)), 'LiquidationOrderFilled');
      expect(charges).toMatchObject({ fee: 0n, penalty: 0n });
    }
    expect([house.balance('alice'), sizeOf(house), ledgerOf(house, 'insurance-fund')]).toEqual(['0.00', 0n, 0n]);
    expect(
      ofType(
        house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : [])),
        'LossAllocated',
      ),
    ).toEqual([]);
  });

  test('LF-3 two positions closed at their limits end at exactly nothing, whichever is filled first', () => {
    for (const [first, second] of [
      ['BTC-PERP', 'ETH-PERP'],
      ['ETH-PERP', 'BTC-PERP'],
    ]) {
      const house = fallen({ deposit: '66000', at: '51000', terms: { slippage: '0.05' } });
      definePerpetual(house, 'ETH-PERP', { price: '3000', tiers: flatTiers('0.1', '0.05') });
      trade(house, 'alice', 'maker', '100', '3000', 'ETH-PERP');
      mark(house, '46600'); // equity 12,000 behind 11,650 and 15,000 of maintenance margin
      for (const instrument of [first, second]) {
        const order = openOrders(house).find((each) => each.instrument === instrument) as NonNullable<
          ReturnType<typeof openOrders>[number]
        >;
        house.send(fillOf(order, formatScaled(order.limit as bigint, 1), instrument === 'BTC-PERP' ? '10' : '100'));
      }
      const left = house.state.book.balance('alice', 'USD');
      // Limits are whole ticks: a tick of 0.1 on 10 and on 100 contracts is the most that can be left, and a fee of
      // that.
      expect(left >= 0n && left <= 1100n).toBe(true);
      expect(
        ofType(
          house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : [])),
          'LossAllocated',
        ),
      ).toEqual([]);
      expect([sizeOf(house), sizeOf(house, 'alice', 'ETH-PERP')]).toEqual([0n, 0n]);
    }
  });
});

describe('LF-4 what is shown is what is charged', () => {
  const terms: Partial<LiquidationTermsInput> = {
    slippage: '0.05',
    feeRate: '0.003333',
    penaltyTiers: [
      { floor: '0', rate: '0.001' },
      { floor: '499999.99', rate: '0.002222' },
    ],
  };

  test('LF-4 the call notice, the health query and the charge of a close-out at the same mark agree', () => {
    const house = fallen({ terms });
    const preview = { feePreview: 166_650n, penaltyPreview: 111_100n };
    expect([...house.state.calls.values()]).toMatchObject([preview]);
    expect(healthOf(house.state, 'alice')).toMatchObject(preview);
    expect(chargesPreviewOf(house.state, standingOfAccount(house.state, 'alice'))).toMatchObject([
      { closed: 50_000_000n, feeDue: 166_650n, penaltyDue: 111_100n },
    ]);
    house.pass('1h');
    const { charges } = onlyOf(fill(house, '50000', '10'), 'LiquidationOrderFilled');
    expect(charges).toEqual({
      closed: 50_000_000n,
      fee: 166_650n,
      feeDue: 166_650n,
      penalty: 111_100n,
      penaltyDue: 111_100n,
      policyVersion: 1,
    });
  });

  test('LF-4 LP-2 severity and repetition are in the notice and in the health, and are what is charged, time after time', () => {
    const graded: Partial<LiquidationTermsInput> = {
      slippage: '0.05',
      feeRate: '0.003',
      penaltyTiers: [{ floor: '0', rate: '0.0005' }],
      severityTiers: [
        { below: '0.95', rate: '0.001' },
        { below: '0.8', rate: '0.002' },
      ],
      repeatSurcharge: '0.0015',
      repeatMaximum: 2,
      repeatWindow: 10 * 86_400_000,
    };
    const house = fallen({ terms: graded });
    // Mark, equity over maintenance margin there, rates by hand: 0.05 %, severity, repetition.
    const rounds: [price: string, penalty: bigint][] = [
      ['50000', 75_000n], // 0.88: 0.05 % + 0.1 %
      ['49750', 199_000n], // 0.68: 0.05 % + 0.2 % + 0.15 %
      ['50100', 175_350n], // 0.96: 0.05 % + 0.3 %
      ['49750', 273_625n], // 0.68: 0.05 % + 0.2 % + 0.3 %, the most
    ];
    for (const [i, [price, penalty]] of rounds.entries()) {
      if (i > 0) {
        mark(house, '52000');
        pay(house, 'alice', dollars(3_100_000n - house.state.book.balance('alice', 'USD')));
        trade(house, 'alice', 'maker', '10', '52000');
        mark(house, price);
      }
      const shown = { feePreview: BigInt(price) * 3n, penaltyPreview: penalty };
      expect([...house.state.calls.values()]).toMatchObject([shown]);
      expect(healthOf(house.state, 'alice')).toMatchObject(shown);
      house.pass('1h');
      // Running, it is charged as it began: the health goes on saying so at a mark that would be of another tier.
      const last = i === 3 ? '50050' : price;
      mark(house, last);
      const now = healthOf(house.state, 'alice');
      if (i < 3) expect(now).toMatchObject(shown);
      expect(statusOf(house)).toBe('LIQUIDATING');
      const { charges } = onlyOf(fill(house, last, '10'), 'LiquidationOrderFilled');
      expect(charges).toMatchObject({
        feeDue: now.feePreview,
        penaltyDue: now.penaltyPreview,
        fee: now.feePreview,
        penalty: now.penaltyPreview,
      });
    }
    // 500,500 x 0.55 %, though 11,500 over 12,512.50 is of the milder tier.
    expect(ledgerOf(house, 'insurance-fund')).toBe(
      150_000n + 149_250n + 150_300n + 150_150n + 75_000n + 199_000n + 175_350n + 275_275n,
    );
  });

  test('LF-4 the receipt names the version of the policy that was in force', () => {
    const house = fallen({ terms });
    house.send(classicPolicy({ ...terms, feeRate: '0.004' }));
    house.pass('1h');
    const { charges } = onlyOf(fill(house, '50000', '10'), 'LiquidationOrderFilled');
    expect(charges).toMatchObject({ policyVersion: 2, fee: 200_000n });
  });
});
