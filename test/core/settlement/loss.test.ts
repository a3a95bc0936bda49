import { linesOf } from '../../../src/core/engine/digest';
import { standingOfAccount } from '../../../src/core/margin/standing';
import type { CommandOf } from '../../../src/core/message/command';

import type { LayerUse } from '../../../src/core/model/liquidation';
import { gainOf } from '../../../src/core/settlement/tally/gains';
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
import { ofType, type TestHouse } from '../../support/house';
import { onlyOf, sizeOf, statusOf } from '../../support/liquidation';

const ledgerOf = (house: TestHouse, name: string): bigint => house.state.ledger.get(`${name} USD`) ?? 0n;
const layersOf = (layers: readonly LayerUse[]): string[] =>
  layers.map(({ layer, available, used, left }) => `${layer} ${available} ${used} ${left}`);

interface Given {
  readonly fund?: string;
  readonly capital?: string;
  readonly policy?: Partial<CommandOf<'SetLossPolicy'>>;
  readonly winners?: Readonly<Record<string, { contracts: string; deposit: string }>>;
  readonly deposit?: string;
}

/**
 * `bad` is long against the winners at 50,000, one contract a thousand in margin; a gap to 49,000 - `short of` leaves
 * it with less than nothing. Each winner gains 1 for every dollar and contract.
 */
function gap({
  fund,
  capital,
  policy,
  winners = { w1: { contracts: '1', deposit: '100000' } },
  deposit = '10000',
}: Given): TestHouse {
  const house = onePerpetual({ tiers: flatTiers('0.02', '0.01'), policy: classicPolicy({ feeRate: '0.001' }) });
  if (policy)
    house.send({
      type: 'SetLossPolicy',
      currency: 'USD',
      layers: ['INSURANCE_FUND', 'HOUSE_CAPITAL', 'SOCIALIZED_LOSS'],
      base: 'GAINS',
      period: 86_400_000,
      fundTarget: '0',
      ...policy,
    });
  if (fund) house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: fund, source: 'EXTERNAL' });
  if (capital) house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: capital });
  openAccount(house, 'bad', deposit);
  for (const [id, { contracts, deposit: paid }] of Object.entries(winners)) {
    openAccount(house, id, paid);
    trade(house, 'bad', id, contracts, '50000');
  }
  return house;
}

describe('B3-1 the ledger of a default', () => {
  // 10 contracts, 10,000 of margin, 49,000 - 500: 15,000 lost, 5,000 of them not there.
  const ten = { winners: { w1: { contracts: '10', deposit: '100000' } } };

  const OWNER = 'OWNER_COLLATERAL 0 0 0';
  test.each([
    [
      'the fund alone',
      { fund: '5000' },
      [OWNER, 'INSURANCE_FUND 500000 500000 0', 'HOUSE_CAPITAL 0 0 0', 'SOCIALIZED_LOSS 0 0 0'],
    ],
    [
      'a larger fund',
      { fund: '5000.01', capital: '100' },
      [OWNER, 'INSURANCE_FUND 500001 500000 1', 'HOUSE_CAPITAL 10000 0 10000', 'SOCIALIZED_LOSS 0 0 0'],
    ],
    [
      'fund, then capital',
      { fund: '3000', capital: '2500' },
      [OWNER, 'INSURANCE_FUND 300000 300000 0', 'HOUSE_CAPITAL 250000 200000 50000', 'SOCIALIZED_LOSS 0 0 0'],
    ],
    [
      'fund, capital, then the winner',
      { fund: '3000', capital: '1000' },
      [
        OWNER,
        'INSURANCE_FUND 300000 300000 0',
        'HOUSE_CAPITAL 100000 100000 0',
        'SOCIALIZED_LOSS 1500000 100000 1400000',
      ],
    ],
  ])('B3-1 %s: each layer with what it had, gave and kept, the uses summing to the loss', (_, given, expected) => {
    const house = gap({ ...ten, ...given });
    const event = onlyOf(mark(house, '48500'), 'LossAllocated');
    expect(event.cases).toMatchObject([{ account: 'bad', loss: 500_000n }]);
    const layers = event.cases[0]?.layers ?? [];
    expect(layersOf(layers)).toEqual(expected);
    expect(layers.reduce((sum, { used }) => sum + used, 0n)).toBe(500_000n);
    // No layer is touched while the one before has anything left.
    layers.forEach(({ used }, i) => {
      if (used > 0n) expect(layers.slice(0, i).every(({ left }) => left === 0n)).toBe(true);
    });
    expect([statusOf(house, 'bad'), house.balance('bad'), sizeOf(house, 'bad')]).toEqual(['CLOSED', '0.00', 0n]);
  });

  test('B3-1 B3-3 what no layer can bear stands open under its own name, and the case says so', () => {
    const house = gap({ ...ten, fund: '1000', policy: { layers: ['INSURANCE_FUND'] } });
    const event = onlyOf(mark(house, '48500'), 'LossAllocated');
    expect(layersOf(event.cases[0]?.layers ?? [])).toEqual([
      'INSURANCE_FUND 100000 100000 0',
      'UNALLOCATED 400000 400000 0',
    ]);
    expect([ledgerOf(house, 'insurance-fund'), ledgerOf(house, 'unallocated-loss'), house.balance('w1')]).toEqual([
      0n,
      -400_000n,
      '100000.00',
    ]);
  });

  test("B3-1 the order of the layers is the policy's", () => {
    const house = gap({
      ...ten,
      fund: '9000',
      capital: '4000',
      policy: { layers: ['HOUSE_CAPITAL', 'INSURANCE_FUND'] },
    });
    const event = onlyOf(mark(house, '48500'), 'LossAllocated');
    expect(layersOf(event.cases[0]?.layers ?? [])).toEqual([
      'HOUSE_CAPITAL 400000 400000 0',
      'INSURANCE_FUND 900000 100000 800000',
    ]);
  });
});

test("B3-2 nobody else's account moves by a byte while the fund suffices", () => {
  const house = gap({ fund: '5000', winners: { w1: { contracts: '10', deposit: '100000' } } });
  definePerpetual(house, 'ETH-PERP', { price: '3000' });
  for (const id of ['idle', 'busy', 'other']) openAccount(house, id, '12345.67');
  trade(house, 'busy', 'other', '1', '3000', 'ETH-PERP');
  const bytes = (id: string): string =>
    [...linesOf(house.state)]
      .filter((line) => /^(account|balance|position)\t/.test(line) && line.includes(id))
      .join('\n');
  const before = ['idle', 'busy', 'other', 'w1'].map(bytes);
  for (const text of before) expect(text).toContain('account');
  expect(ofType(mark(house, '48500'), 'LossAllocated')).toHaveLength(1);
  expect(['idle', 'busy', 'other', 'w1'].map(bytes)).toEqual(before);
  expect(ledgerOf(house, 'insurance-fund')).toBe(0n);
});

describe('B3-3 X-1 money is neither made nor lost', () => {
  test('B3-3 paid in less paid out is what all names hold, and no debt outlives its case', () => {
    const house = gap({
      fund: '1000',
      capital: '500',
      winners: { w1: { contracts: '4', deposit: '50000' }, w2: { contracts: '6', deposit: '50000' } },
    });
    mark(house, '48500');
    mark(house, '47000');
    house.pass('1h');
    // `audit` has run after every entry; here the sum is taken once more by hand.
    let held = 0n;
    for (const id of house.state.book.accountIds()) {
      held += house.state.book.balance(id, 'USD');
      if (sizeOf(house, id) === 0n) expect(house.state.book.balance(id, 'USD') >= 0n).toBe(true);
    }
    for (const [name, amount] of house.state.ledger) if (name !== 'external USD') held += amount;
    expect(held).toBe(-ledgerOf(house, 'external'));
    expect(-ledgerOf(house, 'external')).toBe(11_000_000n + 100_000n + 50_000n);
  });
});

describe('SL-1 socialized loss comes last', () => {
  test('SL-1 not a cent of it while fund or capital have one, and then exactly what they lack', () => {
    for (const [fund, socialized] of [
      ['5000', 0n],
      ['4999.99', 1n],
      ['0.01', 499_999n],
    ] as const) {
      const house = gap({ fund, winners: { w1: { contracts: '10', deposit: '100000' } } });
      const { cases, shares } = onlyOf(mark(house, '48500'), 'LossAllocated');
      expect(shares.reduce((sum, { amount }) => sum + amount, 0n)).toBe(socialized);
      expect(cases[0]?.layers.at(-1)).toMatchObject({ layer: 'SOCIALIZED_LOSS', used: socialized });
      expect(ledgerOf(house, 'insurance-fund')).toBe(0n);
    }
  });
});

describe('SL-2 in proportion to gains', () => {
  /** 0.1, 0.2 and 0.3 contracts gain 100, 200, 300 on a fall of 1,000; `bad` has 540 against 600 lost. */
  const winners = {
    w1: { contracts: '0.1', deposit: '50000' },
    w2: { contracts: '0.2', deposit: '50000' },
    w3: { contracts: '0.3', deposit: '50000' },
  };

  test('SL-2 who lost, and who defaulted, pays nothing; a winner elsewhere pays as those do who traded with it', () => {
    const house = gap({ winners, deposit: '600' });
    for (const id of ['loser', 'maker']) openAccount(house, id, '90000');
    trade(house, 'loser', 'maker', '1', '50000');
    const { shares, cases } = onlyOf(mark(house, '48900'), 'LossAllocated');
    expect(cases).toMatchObject([{ account: 'bad', loss: 6000n }]);
    // 60.00 over 1,100, 110, 220 and 330.
    expect(shares.map(({ account, amount }) => [account, amount])).toEqual([
      ['maker', 3750n],
      ['w1', 375n],
      ['w2', 750n],
      ['w3', 1125n],
    ]);
  });

  test('SL-2 a deficit of 60 over gains in proportion 1, 2 and 3 is 10, 20 and 30, on the ledger', () => {
    const house = gap({ winners, deposit: '600' });
    // 0.6 contracts at 50,000 need 600 to open at 2 %; 100 a contract of fall later exactly 60 are missing.
    const { shares, transfers } = onlyOf(mark(house, '48900'), 'LossAllocated');
    expect(shares.map(({ account, weight, amount }) => [account, weight, amount])).toEqual([
      ['w1', 11_000n, 1000n],
      ['w2', 22_000n, 2000n],
      ['w3', 33_000n, 3000n],
    ]);
    expect(transfers.map(({ from, amount, reason }) => [from, amount, reason])).toEqual([
      ['account/w1', 1000n, 'SOCIALIZED_LOSS'],
      ['account/w2', 2000n, 'SOCIALIZED_LOSS'],
      ['account/w3', 3000n, 'SOCIALIZED_LOSS'],
    ]);
  });

  test('SL-2 100.00 over three equal gains is 33.34, 33.33, 33.33', () => {
    const equal = {
      b: { contracts: '1', deposit: '50000' },
      a: { contracts: '1', deposit: '50000' },
      c: { contracts: '1', deposit: '50000' },
    };
    const house = gap({ winners: equal, deposit: '3000' });
    const { shares } = onlyOf(mark(house, '48966.6'), 'LossAllocated'); // 3 x 1,033.4 - 3,000 = 100.20
    expect(shares.map(({ amount }) => amount)).toEqual([3340n, 3340n, 3340n]);
    const odd = gap({ winners: equal, deposit: '3000.20' });
    const split = onlyOf(mark(odd, '48966.6'), 'LossAllocated');
    expect(split.shares.map(({ account, amount }) => [account, amount])).toEqual([
      ['a', 3334n],
      ['b', 3333n],
      ['c', 3333n],
    ]);
  });

  test('SL-2 gains of all instruments count against each other: who won here and lost there is asked for the difference', () => {
    const house = gap({
      winners: { w1: { contracts: '1', deposit: '50000' }, w2: { contracts: '1', deposit: '50000' } },
      deposit: '2000',
    });
    definePerpetual(house, 'ETH-PERP', { price: '3000', tiers: flatTiers('0.02', '0.01') });
    openAccount(house, 'maker', '5000000');
    trade(house, 'w1', 'maker', '10', '3000', 'ETH-PERP');
    mark(house, '2945', 'ETH-PERP'); // w1 loses 550, the maker gains them
    const { shares } = onlyOf(mark(house, '48900'), 'LossAllocated'); // 200 missing
    expect(shares.map(({ account, weight, amount }) => [account, weight, amount])).toEqual([
      ['maker', 55_000n, 5000n],
      ['w1', 55_000n, 5000n],
      ['w2', 110_000n, 10_000n],
    ]);
  });

  test(
    'SL-2 a levy counts against what may be asked again: nobody pays more than their gain in several defaults ' +
      'together',
    () => {
      const house = gap({ winners: { w1: { contracts: '1', deposit: '50000' } }, deposit: '1000' });
      openAccount(house, 'worse', '1002');
      trade(house, 'worse', 'w1', '1', '50000');
      const first = onlyOf(mark(house, '48999'), 'LossAllocated'); // `bad` is short of 1
      expect(first.shares).toMatchObject([{ account: 'w1', weight: 200_200n, amount: 100n }]);
      expect(gainOf(house.state, 'w1')).toBe(200_100n);
      // `worse` is short of 1; the contract taken over from `bad` has cost the house 2 more.
      const second = ofType(mark(house, '48997'), 'LossAllocated');
      expect(second.map(({ cases, shares: [share] }) => [cases[0]?.account, share?.weight, share?.amount])).toEqual([
        ['worse', 200_500n, 100n],
        ['close-out:USD', 200_400n, 200n],
      ]);
    },
  );
});

describe('SL-3 nobody is put below maintenance margin by a levy', () => {
  test('SL-3 the levy stops at maintenance margin exactly, and what it leaves is spread again over the others', () => {
    // w1 has gained 30,000 elsewhere, at a price that is stable, and taken them out: it counts for much and has little.
    const house = gap({
      winners: { w1: { contracts: '1', deposit: '40000' }, w2: { contracts: '9', deposit: '50000' } },
      deposit: '10000',
    });
    definePerpetual(house, 'ETH-PERP', { price: '3000', tiers: flatTiers('0.02', '0.01') });
    openAccount(house, 'maker', '5000000');
    trade(house, 'w1', 'maker', '100', '3000', 'ETH-PERP');
    mark(house, '3300', 'ETH-PERP');
    house.pass('5h');
    trade(house, 'maker', 'w1', '100', '3300', 'ETH-PERP');
    house.send({ type: 'WithdrawCollateral', account: 'w1', currency: 'USD', amount: '69000' });
    // 15,000 lost, 10,000 there. Gains of 31,500 and 13,500 would share the 5,000 as 3,500 and 1,500; w1 has 1,000 +
    // 1,500 - 485.
    const { shares } = onlyOf(mark(house, '48500'), 'LossAllocated');
    expect(shares.map(({ account, weight, cap, amount }) => [account, weight, cap, amount])).toEqual([
      ['w1', 3_150_000n, 201_500n, 201_500n],
      ['w2', 1_350_000n, 1_350_000n, 298_500n],
    ]);
    const { equity, maintenance } = standingOfAccount(house.state, 'w1');
    expect(equity).toBe(maintenance);
  });

  test('SL-3 a flat winner is asked for its cash and never put into debt', () => {
    const house = gap({ winners: { w1: { contracts: '1', deposit: '50000' } }, deposit: '1000' });
    house.send({ type: 'SetCollateralTerms', currency: 'BTC', haircut: '0', conversionDiscount: '0', eligible: true });
    house.send({
      type: 'DefineIndex',
      base: 'BTC',
      quote: 'USD',
      tick: '1',
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '1',
      heartbeat: 7 * 86_400_000,
    });
    house.send({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [{ index: 'BTC/USD', price: '50000', observedAt: null }],
    });
    const [proposal] = [...house.state.proposals.values()];
    if (proposal)
      house.send(
        { type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash },
        { id: 'second', role: 'RISK_OFFICER', member: null },
      );
    openAccount(house, 'maker', '900000');
    openAccount(house, 'flat', '60000');
    trade(house, 'maker', 'flat', '10', '50000');
    mark(house, '49100');
    trade(house, 'flat', 'maker', '10', '49100'); // 9,000 gained
    pay(house, 'flat', '10', 'BTC');
    house.send({ type: 'WithdrawCollateral', account: 'flat', currency: 'USD', amount: '68900' });
    expect(house.balance('flat')).toBe('100.00');
    const { shares } = onlyOf(mark(house, '40000'), 'LossAllocated');
    expect(shares.find(({ account }) => account === 'flat')).toMatchObject({
      weight: 900_000n,
      cap: 10_000n,
      amount: 10_000n,
    });
    expect(house.balance('flat')).toBe('0.00');
  });
});

describe('Ruling 7 other bases, by policy', () => {
  const winners = { w1: { contracts: '1', deposit: '30000' }, w2: { contracts: '3', deposit: '10000' } };
  test.each([
    // 4 contracts, 4,000 of margin, a fall of 1,100: 400 missing.
    [
      'GAINS',
      [
        ['w1', 10_000n],
        ['w2', 30_000n],
      ],
    ],
    [
      'OPEN_INTEREST',
      [
        ['w1', 10_000n],
        ['w2', 30_000n],
      ],
    ],
    [
      'EQUITY',
      [
        ['w1', 28_018n],
        ['w2', 11_982n],
      ],
    ], // 31,100 and 13,300 of 44,400
  ] as const)('SL-2 by %s', (base, expected) => {
    const house = gap({ winners, deposit: '4000', policy: { base } });
    const { shares, base: stated, policyVersion } = onlyOf(mark(house, '48900'), 'LossAllocated');
    expect([stated, policyVersion]).toEqual([base, 2]);
    expect(shares.map(({ account, amount }) => [account, amount])).toEqual(expected);
  });

  test('SL-2 the period rolls over: gains of yesterday are not asked for, gains since are', () => {
    const house = gap({ winners: { w1: { contracts: '1', deposit: '50000' } }, deposit: '1000' });
    mark(house, '49500');
    expect(gainOf(house.state, 'w1')).toBe(50_000n);
    house.pass('12h'); // midnight
    expect(gainOf(house.state, 'w1')).toBe(0n);
    mark(house, '49300');
    expect([gainOf(house.state, 'w1'), gainOf(house.state, 'bad')]).toEqual([20_000n, -20_000n]);
  });
});
