import { standingOfAccount } from '../../../src/core/margin/standing';
import { transfersOf } from '../../../src/core/message/event';
import { closeOutIdOf } from '../../../src/core/reference/accounts';
import { definePerpetual, flatTiers, mark, openAccount, pay, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { fallen, linesOf, liquidating, onlyOf, openOrders, sizeOf, statusOf } from '../../support/liquidation';
import { randomOf } from '../../support/random';
import { createWorld } from '../../support/world';

const HOUSE = closeOutIdOf('USD');
const disposeEvery = (house: TestHouse, interval: number) =>
  byTwo(house, {
    type: 'SetDisposalPolicy',
    currency: 'USD',
    interval,
    fraction: '1',
    fullBelow: '0',
    maximumShareOfDepth: '1',
    slippage: '0.05',
  });
const ledgerOf = (house: TestHouse, name: string): bigint => house.state.ledger.get(`${name} USD`) ?? 0n;

describe('take-over at the bankruptcy price', () => {
  test('DY-D1 what the venue leaves in its time the house takes, and the account is left with exactly nothing', () => {
    // All 10 must go; equity 11,000, so 48,900 is the price that uses it up.
    const { house } = liquidating({ terms: { slippage: '0.03', feeRate: '0' } });
    const events = house.pass('30s');
    expect(onlyOf(events, 'LiquidationOrderClosed')).toMatchObject({ outcome: 'EXPIRED' });
    const taken = onlyOf(events, 'PositionTakenOver');
    expect(taken).toMatchObject({
      size: -100n,
      value: -48_900_000n,
      slippage: { mark: 1_100_000n, trigger: 1_100_000n, bankruptcy: 0n },
    });
    expect([house.balance('alice'), sizeOf(house), sizeOf(house, HOUSE)]).toEqual(['0.00', 0n, 100n]);
    expect(standingOfAccount(house.state, HOUSE).equity / 10n ** 12n).toBe(1_100_000n);
    expect(ofType(events, 'LossAllocated')).toEqual([]);
  });

  test('LP-3 fee and penalty come out of the equity behind the position before the house gets the rest', () => {
    const { house } = liquidating({ terms: { slippage: '0.03', penaltyTiers: [{ floor: '0', rate: '0.01' }] } });
    const taken = onlyOf(house.pass('30s'), 'PositionTakenOver');
    expect(taken.charges).toMatchObject({ fee: 250_000n, penalty: 500_000n });
    expect(linesOf(taken.transfers)).toEqual([
      'REALISED account/alice > variation/BTC-PERP 2350000',
      'LIQUIDATION_FEE account/alice > insurance-fund 250000',
      'LIQUIDATION_PENALTY account/alice > insurance-fund 500000',
    ]);
    expect([house.balance('alice'), ledgerOf(house, 'insurance-fund')]).toEqual(['0.00', 750_000n]);
    expect(standingOfAccount(house.state, HOUSE).equity / 10n ** 12n).toBe(350_000n);
  });

  test('LF-3 where less is behind it than fee and penalty, they shrink, the penalty first', () => {
    const house = fallen({ terms: { penaltyTiers: [{ floor: '0', rate: '0.015' }], slippage: '0.03' } });
    mark(house, '49400'); // equity 5,000
    const taken = onlyOf(house.pass('1h'), 'PositionTakenOver');
    expect(taken.charges).toMatchObject({ feeDue: 247_000n, penaltyDue: 741_000n, fee: 247_000n, penalty: 253_000n });
    expect(standingOfAccount(house.state, HOUSE).equity).toBe(0n);
    expect(house.balance('alice')).toBe('0.00');
  });

  test('B3 a gap past the bankruptcy price: the house pays more than the mark, and just that is the loss', () => {
    const house = fallen();
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '9000', source: 'EXTERNAL' });
    const events = mark(house, '48123.4'); // 7,766 below nothing
    expect(onlyOf(events, 'PositionTakenOver')).toMatchObject({
      value: -48_900_000n,
      charges: { fee: 0n, penalty: 0n },
    });
    expect(onlyOf(events, 'LossAllocated').cases).toMatchObject([{ account: 'alice', loss: 776_600n }]);
    expect([house.balance('alice'), ledgerOf(house, 'insurance-fund')]).toEqual(['0.00', 123_400n]);
    // The house holds the position at the mark, neither richer nor poorer.
    expect(standingOfAccount(house.state, HOUSE).equity).toBe(0n);
    expect(statusOf(house)).toBe('CLOSED');
  });

  test('DY-B1 the equity behind a part of a position is shared by the maintenance margin it frees', () => {
    // 15 of 100 lots unfilled: 15 % of 11,000 in a flat ladder.
    const { house } = liquidating({ terms: { feeRate: '0' } });
    expect(openOrders(house)).toMatchObject([{ size: -12n }]); // 1,500 / 1,250
    const taken = onlyOf(house.pass('30s'), 'PositionTakenOver');
    expect(taken).toMatchObject({ size: -12n, slippage: { mark: 132_000n } });
    const { equity, maintenance } = standingOfAccount(house.state, 'alice');
    // What is left stands to what it needs as before: 9,680 to 11,000 as 11,000 to 12,500.
    expect(equity * 1_250_000n).toBe(maintenance * 1_100_000n);
  });

  test('B3 a position that nobody can be found for is taken over step by step, and comes to an end', () => {
    const { house } = liquidating({ terms: { feeRate: '0' } });
    disposeEvery(house, 86_400_000);
    const events = house.pass('24h');
    expect(sizeOf(house)).toBe(0n);
    expect(house.balance('alice')).toBe('0.00');
    expect(ofType(events, 'PositionTakenOver').reduce((sum, { size }) => sum + size, 0n)).toBe(-100n);
    expect(onlyOf(events, 'LiquidationEnded')).toMatchObject({ outcome: 'RESTORED' });
    expect(statusOf(house)).toBe('HEALTHY');
  });
});

test('B3 accounts of any make-up end at exactly zero when they are bankrupt, and no fund is ever below it', () => {
  let bankrupt = 0;
  for (let seed = 0; seed < 12; seed++) {
    const world = createWorld(randomOf(3000 + seed), {
      liquidation: {
        feeRate: '0.003',
        penaltyTiers: [{ floor: '0', rate: '0.004' }],
        slippage: '0.002',
        venueWindow: 60_000,
      },
      policy: { cureWindow: 3_600_000 },
      collateral: false,
      wealth: 40_000,
    });
    const { house } = world;
    disposeEvery(house, 3_600_000);
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '20000', source: 'EXTERNAL' });
    world.live(40);
    world.drain();
    for (let i = 0; i < 12; i++) {
      const events = world.move(90);
      for (const { account } of ofType(events, 'LiquidationEnded').filter(({ outcome }) => outcome === 'BANKRUPT')) {
        bankrupt += 1;
        expect([
          house.balance(account),
          [...house.state.book.positions(account)].filter(([, { size }]) => size !== 0n),
        ]).toEqual(['0.00', []]);
      }
      for (const { cases } of ofType(events, 'LossAllocated'))
        for (const { loss, layers } of cases) expect(layers.reduce((sum, { used }) => sum + used, 0n)).toBe(loss);
      house.pass('10m');
    }
  }
  expect(bankrupt).toBeGreaterThan(15);
});

describe('what the house was about to sell', () => {
  test('S07 an order to dispose never goes further than the inventory: a take-over from the other side calls it back', () => {
    const { house } = liquidating({ terms: { slippage: '0.03', feeRate: '0' } });
    house.pass('30s');
    openAccount(house, 'carl', '15000');
    // carl is short 8: when the price jumps, the house takes his position and needs to sell 2 instead of 10.
    trade(house, 'maker', 'carl', '5.6', '50000');
    const [first] = ofType(house.pass('10s'), 'LiquidationOrderIssued');
    expect(first?.issued).toMatchObject({ account: HOUSE, reason: 'DISPOSAL', size: -50n });
    const jump = mark(house, '53000'); // carl: 15,000 - 16,800
    expect(ofType(jump, 'PositionTakenOver')).toMatchObject([{ account: 'carl', size: 56n }]);
    expect(sizeOf(house, HOUSE)).toBe(44n);
    expect(ofType(jump, 'LiquidationOrderClosed')).toMatchObject([{ order: first?.issued.id, outcome: 'CANCELLED' }]);
    expect(openOrders(house, HOUSE)).toEqual([]);
    const [next] = ofType(house.pass('10s'), 'LiquidationOrderIssued');
    expect(next?.issued).toMatchObject({ size: -22n });
  });

  test("S07 gains and losses of what was taken over stay on the house's own account until it holds nothing", () => {
    const { house } = liquidating({ terms: { slippage: '0.03', feeRate: '0' } });
    house.pass('30s');
    const before = house.balance('maker');
    mark(house, '49000');
    expect(
      ofType(
        house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : [])),
        'LossAllocated',
      ),
    ).toEqual([]);
    // 100 below the price it was taken at: what the house has lost beyond its 11,000 the fund bears.
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '5000', source: 'EXTERNAL' });
    const { cases } = onlyOf(mark(house, '48800'), 'LossAllocated');
    expect(cases).toMatchObject([{ account: HOUSE, loss: 100_000n }]);
    expect(house.balance('maker')).toBe(before);
    expect(ledgerOf(house, 'insurance-fund')).toBe(400_000n);
  });

  test('VEGA-INS-01 when the house holds nothing any more its surplus goes to the fund', () => {
    const { house } = liquidating({ terms: { slippage: '0.03', feeRate: '0' } });
    disposeEvery(house, 10_000);
    house.pass('40s');
    const [order] = openOrders(house, HOUSE) as [NonNullable<ReturnType<typeof openOrders>[number]>];
    const events = house.send({
      type: 'ReportLiquidationFill',
      order: order.id,
      trade: 'd1',
      counterparty: 'maker',
      price: '49950',
      size: '10',
    });
    expect(onlyOf(events, 'InventorySwept')).toMatchObject({ amount: 1_050_000n }); // 10 x (49,950 - 48,900)
    expect(linesOf(events.flatMap(transfersOf)).at(-1)).toBe(`SURPLUS account/${HOUSE} > insurance-fund 1050000`);
    expect([house.balance(HOUSE), ledgerOf(house, 'insurance-fund')]).toEqual(['0.00', 1_050_000n]);
  });
});

test('RLM-4 a hedged account in two instruments is taken over in both, in the order of their ids', () => {
  const house = fallen({ deposit: '66000', at: '51000' });
  definePerpetual(house, 'ETH-PERP', { price: '3000', tiers: flatTiers('0.1', '0.05') });
  trade(house, 'maker', 'alice', '100', '3000', 'ETH-PERP');
  const events = mark(house, '45000'); // 66,000 - 70,000
  expect(ofType(events, 'PositionTakenOver').map(({ instrument, size }) => [instrument, size])).toEqual([
    ['BTC-PERP', -100n],
    ['ETH-PERP', 1000n],
  ]);
  expect(house.balance('alice')).toBe('0.00');
  pay(house, 'alice', '5');
  expect(statusOf(house)).toBe('HEALTHY');
});
