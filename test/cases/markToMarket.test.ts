/**
 * Worked cases of mark to market, loss sharing, expiry and disposal from the feature files of Vega
 * (core/integration/features/verified and .../liquidation), each mapped to a configuration of this house. Their
 * accounts are split into margin and general, ours are whole: balances are compared as the sum. Their margin is built
 * of slippage and risk factors above the notional itself, ours of tiers: margin levels are not compared, flows and
 * final balances are.
 */

import { standingOfAccount } from '../../src/core/margin/standing';
import { transfersOf } from '../../src/core/message/event';
import { closeOutIdOf } from '../../src/core/reference/accounts';
import { ofType, type TestHouse } from '../support/house';
import { onlyOf, openOrders, sizeOf, statusOf } from '../support/liquidation';
import { type CaseInstrument, caseHouse, deal, markAt, tier } from './house';

const easy = [tier('0', null, '0.1', '0.05')];
const HOUSE = closeOutIdOf('USD');
const balancesOf = (house: TestHouse, ...accounts: string[]): bigint[] =>
  accounts.map((account) => house.state.book.balance(account, 'USD'));
const poolOf = (house: TestHouse): bigint => house.state.ledger.get('insurance-fund USD') ?? 0n;
const equityOf = (house: TestHouse, account: string): bigint =>
  standingOfAccount(house.state, account).equity / 10n ** 12n;

/** Whole units of money, settled at every mark. */
const market = (price: string, fields: Partial<CaseInstrument> = {}): { ETH: CaseInstrument } => ({
  ETH: { price, tiers: easy, interval: null, ...fields },
});

test(
  'VEGA-MTM-01 a loss of 1,000 is collected at the mark and paid to the winner, and the settlement account ' +
    'ends at zero',
  () => {
    const house = caseHouse({
      scale: 0,
      instruments: market('1000'),
      deposits: { party1: '10000', party2: '10000', party3: '10000' },
    });
    deal(house, 'ETH', 'party2', 'party1', '1', '1000');
    markAt(house, 'ETH', '1000');
    expect(balancesOf(house, 'party1', 'party2')).toEqual([1200n + 8800n, 1212n + 8788n]);
    deal(house, 'ETH', 'party3', 'party1', '1', '2000');
    const { lines } = onlyOf(markAt(house, 'ETH', '2000'), 'VariationSettled');
    expect(balancesOf(house, 'party1', 'party2', 'party3')).toEqual([4800n + 4200n, 2424n + 8576n, 2424n + 7576n]);
    expect(lines.filter(({ amount }) => amount !== 0n)).toEqual([
      { account: 'party1', amount: -1000n },
      { account: 'party2', amount: 1000n },
    ]);
    // What the control account carries is the worth of positions at the mark, and of those there is none but to the
    // other side.
    expect(house.state.ledger.get('variation/ETH USD')).toBeUndefined();
  },
);

describe('VEGA-MTM-03 positions carried and traded between two marks', () => {
  type Step = [buyer: string, seller: string, size: string, price: string];
  const flowsOf = (steps: readonly Step[]): bigint[] => {
    const house = caseHouse({
      scale: 0,
      instruments: market('100'),
      deposits: { party1: '10000', party2: '10000', party3: '10000' },
    });
    return steps.map(([buyer, seller, size, price]) => {
      const [before] = balancesOf(house, 'party1') as [bigint];
      deal(house, 'ETH', buyer, seller, size, price);
      markAt(house, 'ETH', price);
      return (balancesOf(house, 'party1')[0] as bigint) - before;
    });
  };

  test('VEGA-MTM-03 through a switch of sides: 200, 100, 15', () => {
    const steps: Step[] = [
      ['party1', 'party2', '20', '100'],
      ['party1', 'party2', '5', '110'],
      ['party2', 'party1', '30', '114'],
      ['party3', 'party2', '1', '111'],
    ];
    expect(flowsOf(steps)).toEqual([0n, 200n, 100n, 15n]);
  });

  test('VEGA-MTM-03 and back to the same size: 200, 120, -60', () => {
    const steps: Step[] = [
      ['party1', 'party2', '20', '100'],
      ['party1', 'party2', '10', '110'],
      ['party2', 'party1', '10', '114'],
      ['party3', 'party2', '1', '111'],
    ];
    expect(flowsOf(steps)).toEqual([0n, 200n, 120n, -60n]);
  });
});

test(
  'VEGA-MRG-01 the flows and balances: 13 contracts gain 5,600,000 at the first mark and 26,000,000 at the ' +
    'next, after fees of a tenth',
  () => {
    const house = caseHouse({
      scale: 0,
      instruments: market('11200000', { takerFee: '0.1' }),
      deposits: { party1: '1000000000', mm: '2000000000' },
    });
    deal(house, 'ETH', 'party1', 'mm', '2', '11200000', 'BUY');
    deal(house, 'ETH', 'party1', 'mm', '11', '14000000', 'BUY');
    markAt(house, 'ETH', '14000000');
    expect(balancesOf(house, 'party1')).toEqual([873_600_000n + 114_360_000n]);
    markAt(house, 'ETH', '16000000');
    expect(balancesOf(house, 'party1')).toEqual([899_600_000n + 114_360_000n]);
    expect(house.state.ledger.get('house-fees USD')).toBe(2_240_000n + 15_400_000n);
  },
);

test('VEGA-INS-01 a loser who pays in full and is closed out leaves 122 to the pool; the house unwinds a tick worse', () => {
  const house = caseHouse({
    scale: 0,
    instruments: market('1000', { takerFee: '0.1' }),
    terms: { venueWindow: 1000 },
    fund: '10000',
    deposits: { aux: '1000000', aux2: '10000', party1: '5122', party2: '10000', party3: '10000' },
  });
  deal(house, 'ETH', 'aux2', 'aux', '1', '1000');
  deal(house, 'ETH', 'party2', 'party1', '1', '1000', 'BUY');
  expect(balancesOf(house, 'party1', 'party2')).toEqual([1320n + 3802n, 1332n + 8568n]);
  deal(house, 'ETH', 'party2', 'party3', '1', '6000', 'SELL');
  markAt(house, 'ETH', '6000');
  // Nobody trades with the liquidated account in its second: the house takes the position at the price that leaves it
  // nothing.
  expect(onlyOf(house.pass('1s'), 'PositionTakenOver')).toMatchObject({ account: 'party1', value: 6122n });
  expect([statusOf(house, 'party1'), sizeOf(house, 'party1', 'ETH')]).toEqual(['HEALTHY', 0n]);
  expect(balancesOf(house, 'party1', 'party2', 'party3')).toEqual([0n, 14_900n, 7920n + 1480n]);
  house.pass('10s');
  const [order] = openOrders(house, HOUSE) as [NonNullable<ReturnType<typeof openOrders>[number]>];
  house.send({
    type: 'ReportLiquidationFill',
    order: order.id,
    trade: 'unwind',
    counterparty: 'aux',
    price: '6001',
    size: '1',
  });
  // Theirs pays the venue's fee of 601 out of the pool as well; ours charges no trading fee on its own disposal.
  expect([poolOf(house), equityOf(house, HOUSE)]).toEqual([9520n + 601n, 0n]);
});

test('VEGA-LS-01 one insolvent loser and an empty pool: 5,080 of 8,080 are there, the winners are short of 2,970 and 30', () => {
  const house = caseHouse({
    scale: 0,
    instruments: market('100'),
    deposits: { aux1: '100000000', aux2: '100000000', party1: '5000', party2: '50000', party3: '50000' },
  });
  deal(house, 'ETH', 'aux2', 'aux1', '1', '100');
  deal(house, 'ETH', 'party2', 'party1', '100', '100');
  deal(house, 'ETH', 'party2', 'party3', '100', '180');
  const { shares, cases } = onlyOf(markAt(house, 'ETH', '180'), 'LossAllocated');
  expect(cases).toMatchObject([{ account: 'party1', loss: 8080n - 5080n }]);
  expect(shares.map(({ account, weight, amount }) => [account, weight, amount])).toEqual([
    ['aux2', 80n, 30n],
    ['party2', 8000n, 2970n],
  ]);
  expect([equityOf(house, 'party1'), equityOf(house, 'party2'), poolOf(house)]).toEqual([0n, 55_030n, 0n]);
  expect(['party1', 'party2', 'party3'].map((id) => sizeOf(house, id, 'ETH'))).toEqual([0n, 200n, -100n]);
  expect(statusOf(house, 'party1')).toBe('CLOSED');
});

test('VEGA-LS-04 two insolvent losers, a pool of 2,900: 7,980 of 8,080 are there, and 100 are shared', () => {
  const house = caseHouse({
    scale: 0,
    instruments: market('100'),
    fund: '2900',
    deposits: {
      party5: '100000000',
      party6: '100000000',
      party1: '2000',
      party2: '10000',
      party3: '3000',
      party4: '10000',
    },
  });
  deal(house, 'ETH', 'party5', 'party6', '1', '100');
  deal(house, 'ETH', 'party2', 'party1', '30', '100');
  deal(house, 'ETH', 'party2', 'party3', '60', '100');
  deal(house, 'ETH', 'party4', 'party3', '10', '100');
  deal(house, 'ETH', 'party2', 'party4', '10', '180');
  const { shares, cases } = onlyOf(markAt(house, 'ETH', '180'), 'LossAllocated');
  // Losses of 400 and 2,600. Theirs draws in the order of trades, ours the riskier first: the sums are the same.
  expect(cases.map(({ account, loss }) => [account, loss])).toEqual([
    ['party3', 2600n],
    ['party1', 400n],
  ]);
  const used = (layer: string): bigint =>
    cases.flatMap(({ layers }) => layers).reduce((sum, each) => (each.layer === layer ? sum + each.used : sum), 0n);
  expect([used('INSURANCE_FUND'), used('SOCIALIZED_LOSS'), poolOf(house)]).toEqual([2900n, 8080n - 7980n, 0n]);
  // 89.11, 9.90 and 0.99: theirs rounds what is paid out down and gives the dust to the last (90, 9, 1), ours goes by
  // remainders.
  expect(shares.map(({ account, amount }) => [account, amount])).toEqual([
    ['party2', 89n],
    ['party4', 10n],
    ['party5', 1n],
  ]);
  expect(['party1', 'party2', 'party3', 'party4'].map((id) => sizeOf(house, id, 'ETH'))).toEqual([0n, 100n, 0n, 0n]);
});

test('VEGA-EXP-02 at expiry the loser is short by 916; the pool of 1,000 pays it and keeps 84', () => {
  const expiry = Date.parse('2025-10-10T13:00:00Z');
  const house = caseHouse({
    scale: 0,
    // The last mark is silent at the last moment, so that the settlement price is the next one to come in.
    instruments: market('1000', { expiry, heartbeat: 1_800_000 }),
    fund: '1000',
    deposits: { party1: '10000', party2: '1000' },
  });
  deal(house, 'ETH', 'party2', 'party1', '2', '1000');
  expect(balancesOf(house, 'party1', 'party2')).toEqual([840n + 9160n, 864n + 136n]);
  expect(ofType(house.pass('1h'), 'InstrumentExpired')).toEqual([]);
  const events = markAt(house, 'ETH', '42');
  expect(onlyOf(events, 'InstrumentExpired').price).toBe(42n);
  expect(onlyOf(events, 'LossAllocated').cases).toMatchObject([{ account: 'party2', loss: 916n }]);
  expect(balancesOf(house, 'party1', 'party2')).toEqual([11_916n, 0n]);
  expect(poolOf(house)).toBe(84n);
});

test('VEGA-LIQ-03 280 long are disposed of in 100, 90, 45 and 45, every ten seconds, at 145 with the mark at 150', () => {
  const house = caseHouse({
    scale: 0,
    instruments: market('160'),
    terms: { venueWindow: 1000 },
    deposits: { trader: '2800', other: '100000', bulk: '1000000' },
  });
  house.send({
    type: 'SetDisposalPolicy',
    currency: 'USD',
    interval: 10_000,
    fraction: '0.5',
    fullBelow: String(50 * 150),
    maximumShareOfDepth: '0.01',
    slippage: '0.05',
  });
  // Margin of 1 % lets 2,800 carry 280 down from 160 to 150 and be nothing there.
  house.send({
    type: 'SetTierSchedule',
    instrument: 'ETH',
    tiers: [tier('0', null, '0.01', '0.01')],
    effectiveAt: null,
  });
  for (const proposal of [...house.state.proposals.values()])
    house.send(
      { type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash },
      { id: 'second', role: 'RISK_OFFICER', member: null },
    );
  deal(house, 'ETH', 'trader', 'other', '280', '160');
  house.send({ type: 'ReportDepth', instrument: 'ETH', bids: '10000', asks: '10000' });
  markAt(house, 'ETH', '150');
  expect(onlyOf(house.pass('1s'), 'PositionTakenOver')).toMatchObject({ size: -280n, value: -280n * 150n });
  const start = house.now;
  const rows: [at: number, size: bigint, left: bigint, realised: bigint][] = [];
  let realised = 0n;
  for (let step = 0; step < 4; step++) {
    house.pass('10s');
    const [order] = openOrders(house, HOUSE) as [NonNullable<ReturnType<typeof openOrders>[number]>];
    const events = house.send({
      type: 'ReportLiquidationFill',
      order: order.id,
      trade: `v${step}`,
      counterparty: 'bulk',
      price: '145',
      size: String(-order.size),
    });
    for (const { from, reason, amount } of ofType(events, 'LiquidationOrderFilled').flatMap(transfersOf))
      if (reason === 'REALISED' && from === `account/${HOUSE}`) realised -= amount;
    rows.push([(house.now - start) / 1000, -order.size, sizeOf(house, HOUSE, 'ETH'), realised]);
  }
  expect(rows).toEqual([
    [10, 100n, 180n, -500n],
    [20, 90n, 90n, -950n],
    [30, 45n, 45n, -1175n],
    [40, 45n, 0n, -1400n],
  ]);
  expect(ofType(house.pass('1m'), 'LiquidationOrderIssued')).toEqual([]);
});
