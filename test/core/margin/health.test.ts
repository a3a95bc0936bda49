import { healthOf } from '../../../src/core/margin/health';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import type { TestHouse } from '../../support/house';

/** `alice` with one position entered at 50,000, maintenance margin 2.5 %, and exactly the equity stated. */
function holding(side: 'long' | 'short', contracts: string, equity: string): TestHouse {
  const house = onePerpetual({ tiers: flatTiers('0.04', '0.025') });
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', equity);
  if (side === 'long') trade(house, 'alice', 'maker', contracts, '50000');
  else trade(house, 'maker', 'alice', contracts, '50000');
  return house;
}

const statusOf = (house: TestHouse): string => house.state.book.stateOf('alice').status;
const positionOf = (house: TestHouse) => healthOf(house.state, 'alice').positions[0];

test('AH-1 one answer holds every figure of an account', () => {
  const house = holding('long', '10', '30000');
  pay(house, 'alice', '10000');
  mark(house, '49000');
  expect(healthOf(house.state, 'alice')).toEqual({
    account: 'alice',
    currency: 'USD',
    status: 'HEALTHY',
    openCall: null,
    cash: 4_000_000n,
    unrealised: -1_000_000n,
    collateral: [],
    collateralValue: 0n,
    equity: 3_000_000n,
    initial: 1_960_000n, // 4 % of 490,000
    maintenance: 1_225_000n, // 2.5 %
    opening: 1_960_000n, // no rate rises with open interest here
    ordersInitial: 0n,
    ordersMaintenance: 0n,
    freeMargin: 1_040_000n,
    freeCollateral: 1_040_000n,
    heldBack: 0n,
    buffer: 1_775_000n,
    bufferRatio: '0.591666666667',
    healthRatio: '2.448979591837',
    utilisation: '0.653333333333',
    leverage: '16.333333333333',
    loanToValue: '0.938775510204',
    grossNotional: 49_000_000n,
    netNotional: 49_000_000n,
    deltaNotional: 49_000_000n,
    realisedGain: 0n,
    unrealisedGain: -1_000_000n,
    warningLevel: 1_960_000n,
    callLevel: 1_225_000n,
    closeOutLevel: 816_667n, // 2/3 of it, rounded up
    feePreview: 0n,
    penaltyPreview: 0n,
    stale: false,
    positions: [
      {
        instrument: 'BTC-PERP',
        size: 100n,
        mark: 490_000n,
        markSeq: house.state.seq,
        markAt: house.now,
        stale: false,
        value: 49_000_000n,
        notional: 49_000_000n,
        unrealised: -1_000_000n,
        deltaNotional: 49_000_000n,
        entryPrice: '50000',
        settledPrice: '50000',
        realisedGain: 0n,
        unrealisedGain: -1_000_000n,
        settledGain: 0n,
        frozen: false,
        initial: 1_960_000n,
        maintenance: 1_225_000n,
        callPrice: '47179.487179487179', // (490,000 - 30,000) / (10 x 0.975)
        callDistance: '-0.037153322868',
        closeOutPrice: '46779.661016949153', // 460,000 / (10 x (1 - 2/3 x 0.025))
        closeOutDistance: '-0.04531304047',
        bankruptcyPrice: '46000',
        closingLimit: '46000',
        liquidationPrice: '47179.487179487179',
        unreachable: null,
        distance: '-0.037153322868',
        distanceTicks: '-18205.128205128205',
      },
    ],
  });
});

test('AH-1 an account without anything has figures, not errors', () => {
  const house = onePerpetual();
  openAccount(house, 'alice');
  expect(healthOf(house.state, 'alice')).toMatchObject({
    equity: 0n,
    initial: 0n,
    healthRatio: null,
    utilisation: null,
    leverage: null,
    loanToValue: null,
    bufferRatio: null,
    positions: [],
  });
});

describe('AH-2 liquidation and bankruptcy price of one position', () => {
  test('AH-2 long 10 at 50,000 with equity 20,000 and 2.5 %: 49,230.769… and 48,000', () => {
    const house = holding('long', '10', '20000');
    expect(positionOf(house)).toMatchObject({ liquidationPrice: '49230.769230769231', bankruptcyPrice: '48000' });
    // The last tick above it leaves the account alone, the next one calls it.
    mark(house, '49230.8');
    expect(statusOf(house)).toBe('WARNING');
    mark(house, '49230.7');
    expect(statusOf(house)).toBe('CALL');
  });

  test('AH-2 short 10: 50,731.707… and 52,000', () => {
    const house = holding('short', '10', '20000');
    expect(positionOf(house)).toMatchObject({ liquidationPrice: '50731.707317073171', bankruptcyPrice: '52000' });
    mark(house, '50731.7');
    expect(statusOf(house)).toBe('WARNING');
    mark(house, '50731.8');
    expect(statusOf(house)).toBe('CALL');
  });

  test.each([
    // (500,000 - 110,000) / 9.75 = 40,000 and (500,000 + 115,000) / 10.25 = 60,000: whole ticks.
    ['long', '110000', '40000', '39999.9'],
    ['short', '115000', '60000', '60000.1'],
  ] as const)(
    'AH-2 %s: at exactly %s of equity over the price, equity is maintenance margin; one tick on flips the status',
    (side, equity, at, beyond) => {
      const house = holding(side, '10', equity);
      expect(positionOf(house)?.liquidationPrice).toBe(at);
      mark(house, at);
      const health = healthOf(house.state, 'alice');
      expect(health.equity).toBe(health.maintenance);
      expect([health.buffer, health.status]).toEqual([0n, 'WARNING']);
      mark(house, beyond);
      expect(statusOf(house)).toBe('CALL');
    },
  );

  test('AH-2 at the bankruptcy price equity is exactly zero', () => {
    const house = holding('long', '10', '20000');
    mark(house, '48000');
    const health = healthOf(house.state, 'alice');
    expect([health.equity, health.loanToValue]).toEqual([0n, '1']);
  });
});

describe('IM-2 the ceiling of leverage', () => {
  test.each([
    // 100,000 at 5 % hold 2,000,000; with a chosen leverage of 7.5 only 750,000.
    [null, '40', '0.1'],
    ['7.5', '15', '0.1'],
    ['20', '40', '0.1'],
    ['50', '40', '0.1'], // a choice above what the tiers allow changes nothing
  ])('IM-2 chosen %s: a position of %s contracts passes, one lot more does not', (leverage, most, lot) => {
    const house = onePerpetual({ tiers: flatTiers('0.05', '0.025') });
    openAccount(house, 'maker', '100000000');
    house.send({
      type: 'OpenAccount',
      account: 'alice',
      member: 'broker',
      owner: 'alice',
      kind: 'CLIENT',
      currency: 'USD',
      policy: 'classic',
      mode: 'CROSS',
      instrument: null,
      leverage,
    });
    pay(house, 'alice', '100000');
    trade(house, 'alice', 'maker', most, '50000');
    expect(healthOf(house.state, 'alice')).toMatchObject({ initial: 10_000_000n, utilisation: '1' });
    const more = {
      type: 'SubmitTrade',
      trade: 'more',
      instrument: 'BTC-PERP',
      buyer: 'alice',
      seller: 'maker',
      price: '50000',
      size: lot,
      taker: null,
      buyOrder: null,
      sellOrder: null,
    } as const;
    expect(house.refusal(more)).toBe('INSUFFICIENT_INITIAL_MARGIN');
  });

  test('IM-2 a chosen leverage below one is refused', () => {
    const house = onePerpetual();
    const open = {
      type: 'OpenAccount',
      account: 'x',
      member: 'broker',
      owner: 'x',
      kind: 'CLIENT',
      currency: 'USD',
      policy: 'classic',
      mode: 'CROSS',
      instrument: null,
    } as const;
    expect(house.refusal({ ...open, leverage: '0.999' })).toBe('VALUE_OUT_OF_RANGE');
    house.send({ ...open, leverage: '1' });
  });
});

describe('PV-1 to PV-4 the value of positions', () => {
  test('PV-1 gross and net notional, signed value, gain and the id of the mark, long against short', () => {
    const house = holding('short', '3', '20000');
    const seq = mark(house, '51000').length > 0 ? house.state.seq : 0;
    const health = healthOf(house.state, 'alice');
    expect([health.grossNotional, health.netNotional]).toEqual([15_300_000n, -15_300_000n]);
    expect(health.positions[0]).toMatchObject({
      value: -15_300_000n,
      notional: 15_300_000n,
      unrealised: -300_000n,
      markSeq: seq,
      markAt: house.now,
    });
  });

  test('PV-2 between two marks equity moves by exactly the gain, and closing at the mark realises what was shown', () => {
    const house = onePerpetual({ takerFee: '0.0003' });
    for (const id of ['alice', 'maker']) openAccount(house, id, '1000000');
    house.send({
      type: 'SubmitTrade',
      trade: 'a',
      instrument: 'BTC-PERP',
      buyer: 'alice',
      seller: 'maker',
      price: '49987.3',
      size: '1.3',
      taker: 'BUY',
      buyOrder: null,
      sellOrder: null,
    });
    house.send({
      type: 'SubmitTrade',
      trade: 'b',
      instrument: 'BTC-PERP',
      buyer: 'alice',
      seller: 'maker',
      price: '50011.9',
      size: '0.7',
      taker: 'SELL',
      buyOrder: null,
      sellOrder: null,
    });
    mark(house, '50000.1');
    const first = healthOf(house.state, 'alice');
    mark(house, '50123.7');
    const second = healthOf(house.state, 'alice');
    expect(second.equity - first.equity).toBe(second.unrealised - first.unrealised);
    expect(second.equity - first.equity).toBe(24_720n); // 123.6 x 2

    const before = house.state.book.balance('alice', 'USD');
    house.send({
      type: 'SubmitTrade',
      trade: 'c',
      instrument: 'BTC-PERP',
      buyer: 'maker',
      seller: 'alice',
      price: '50123.7',
      size: '2',
      taker: 'SELL',
      buyOrder: null,
      sellOrder: null,
    });
    const fee = 3008n; // 0.03 % of 100,247.40 is 30.07422, rounded up
    expect(house.state.book.balance('alice', 'USD') - before).toBe(second.unrealised - fee);
    expect(healthOf(house.state, 'alice').equity).toBe(second.equity - fee);
  });

  test('PV-3 trades off the mark do not move the value of anybody but those who trade', () => {
    const house = holding('long', '10', '20000');
    openAccount(house, 'bob', '1000000');
    const before = healthOf(house.state, 'alice');
    trade(house, 'maker', 'bob', '0.1', '10');
    trade(house, 'bob', 'maker', '0.1', '90000');
    expect(healthOf(house.state, 'alice')).toEqual(before);
  });

  test(
    'PV-3 ruling 13 a mark older than its heartbeat is flagged, keeps its last value, and its gains support no ' +
      'withdrawal',
    () => {
      const house = holding('long', '10', '30000');
      mark(house, '51000');
      house.pass('167h59m59.999s');
      expect(healthOf(house.state, 'alice')).toMatchObject({ stale: false });
      house.pass('1ms');
      const health = healthOf(house.state, 'alice');
      expect([health.stale, health.positions[0]?.stale, health.positions[0]?.mark]).toEqual([true, true, 510_000n]);
      // 30,000 - 20,400 of initial margin; the gain of 10,000 counts for nothing.
      expect(health.freeCollateral).toBe(960_000n);
      expect(house.refusal({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '9600.01' })).toBe(
        'COLLATERAL_ENCUMBERED',
      );
      house.send({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '9600' });
    },
  );

  test('PV-3 an instrument that was never marked cannot be held', () => {
    const house = onePerpetual();
    for (const id of ['alice', 'maker']) openAccount(house, id, '1000000');
    house.send({
      type: 'DefineInstrument',
      instrument: 'NEW',
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      tick: '1',
      lot: '1',
      multiplier: '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: 1000,
      allowsNonPositivePrice: false,
      expiry: null,
      ...{ variationInterval: null, makerFee: '0', takerFee: '0' },
    } as const);
    house.send({ type: 'SetTierSchedule', instrument: 'NEW', tiers: flatTiers('0.1', '0.05'), effectiveAt: null });
    const order = {
      type: 'SubmitTrade',
      trade: 'n',
      instrument: 'NEW',
      buyer: 'alice',
      seller: 'maker',
      price: '10',
      size: '1',
      taker: null,
      buyOrder: null,
      sellOrder: null,
    } as const;
    expect(house.refusal(order)).toBe('PRICE_MISSING');
  });

  test('PV-4 leverage is gross notional over equity, and the totals are the sums of the positions', () => {
    const house = holding('long', '10', '30000');
    openAccount(house, 'carol', '200000', { owner: 'carol' });
    trade(house, 'maker', 'carol', '12', '50000');
    const { positions, grossNotional, netNotional, unrealised, leverage, equity } = healthOf(house.state, 'carol');
    expect([grossNotional, netNotional, unrealised, equity]).toEqual([60_000_000n, -60_000_000n, 0n, 20_000_000n]);
    expect(leverage).toBe('3');
    expect(positions.reduce((sum, each) => sum + each.notional, 0n)).toBe(grossNotional);
    expect(positions.reduce((sum, each) => sum + each.value, 0n)).toBe(netNotional);
  });
});

test('LF-4 the fee and penalty shown are those of closing everything now, each rounded up by itself', () => {
  const house = onePerpetual({
    tiers: flatTiers('0.05', '0.025'),
    policy: classicPolicy({
      feeRate: '0.003333',
      penaltyTiers: [
        { floor: '0', rate: '0.001' },
        { floor: '60000', rate: '0.007' },
      ],
    }),
  });
  for (const id of ['alice', 'maker']) openAccount(house, id, '1000000');
  trade(house, 'alice', 'maker', '1.1', '50000');
  // 55,000: 183.315, 55
  expect(healthOf(house.state, 'alice')).toMatchObject({ feePreview: 18_332n, penaltyPreview: 5500n });
  mark(house, '54545.5'); // 60,000.05: the second tier
  expect(healthOf(house.state, 'alice')).toMatchObject({ feePreview: 19_999n, penaltyPreview: 42_001n });
});

test('RLM-3 a position that no price can bring to its limit says why there is none', () => {
  const house = holding('long', '0.1', '100000');
  expect(positionOf(house)).toMatchObject({ liquidationPrice: null, unreachable: 'NEVER_REACHED', distance: null });
});
