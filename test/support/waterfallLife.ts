/**
 * Random lives of a house that has every layer: members with clients and own accounts, owners with several, funds, a
 * pool and an inventory with a cap; losses, and what follows them: calls for the default fund, recoveries, defaults of
 * members.
 */

import fc from 'fast-check';
import type { Command } from '../../src/core/message/command';
import type { RungInput } from '../../src/core/message/ladderCommands';

import type { LossLayer } from '../../src/core/model/policy';
import { outstandingOf } from '../../src/core/settlement/waterfall/claims';
import { formatCount, formatScaled } from '../../src/units/decimal';
import { abs, cash, minus } from '../../src/units/quantity';
import { deleveragingPolicy } from './deleveraging';
import { classicPolicy, definePerpetual, flatTiers, onePerpetual, openAccount, term, tradeOf } from './given';
import type { TestHouse } from './house';
import { officer } from './ladder';
import { fillOf } from './liquidation';
import { ladderOf, rungOf } from './rungs';
import { FUND_POLICY, lossPolicy } from './waterfall';

/** Layers of money, which may bear side by side. */
const FUNDED: readonly LossLayer[] = [
  ...(['MEMBER_COLLATERAL', 'DEFAULTER_FUND', 'INSURANCE_FUND', 'HOUSE_CAPITAL', 'DEFAULT_FUND'] as const),
  ...(['HOUSE_TRANCHE_2', 'HOUSE_FURTHER', 'BACKSTOP_POOL', 'ASSESSMENTS'] as const),
];

const layersOf = fc
  .record({
    order: fc.shuffledSubarray([...FUNDED, 'GAINS_HAIRCUT' as const, 'DELEVERAGING' as const, 'TEAR_UP' as const], {
      minLength: 1,
    }),
    own: fc.subarray(['DEFAULTER_MARGIN', 'OWNER_COLLATERAL'] as const),
    socialized: fc.boolean(),
    group: fc.tuple(fc.nat(8), fc.integer({ min: 2, max: 3 })),
  })
  .map(({ order, own, socialized, group: [from, length] }) => {
    const group = order.slice(from, from + length);
    const layers: LossLayer[] = [...own, ...order, ...(socialized ? ['SOCIALIZED_LOSS' as const] : [])];
    return { layers, together: group.length > 1 && group.every((layer) => FUNDED.includes(layer)) ? [group] : [] };
  });

const LADDERS: readonly (readonly RungInput[])[] = [
  [],
  [rungOf('VENUE'), rungOf('DELEVERAGING')],
  [rungOf('HOUSE', { marketCap: '800' }), rungOf('DELEVERAGING')],
  [rungOf('DELEVERAGING', { marketCap: '900' }), rungOf('HOUSE')],
];
const KINDS = {
  ...{ price: 8, gap: 3, pass: 3, trade: 2, fill: 3, recover: 3, pay: 3 },
  ...{ deposit: 1, declare: 1, settle: 1, tearUp: 1, topUp: 1 },
};

export interface LifeAct {
  readonly kind: keyof typeof KINDS;
  readonly a: number;
  readonly b: number;
}

const amounts = (length: number, max: number) =>
  fc.array(fc.integer({ min: 0, max }), { minLength: length, maxLength: length });

export const waterfallLife = fc.record({
  policy: layersOf,
  base: fc.constantFrom('GAINS' as const, 'OPEN_INTEREST' as const, 'EQUITY' as const),
  method: fc.constantFrom('PRO_RATA' as const, 'QUEUE' as const, 'LEVERAGE_WEIGHTED' as const),
  bound: fc.constantFrom('PROFIT' as const, 'MAINTENANCE' as const),
  closeOut: fc.constantFrom('1/2', '0.9', '1'),
  ladder: fc.nat({ max: LADDERS.length - 1 }),
  capped: fc.boolean(),
  surplusToClaims: fc.boolean(),
  funds: amounts(8, 300),
  margins: amounts(9, 180),
  owners: amounts(9, 5),
  lots: amounts(18, 30),
  acts: fc.array(
    fc.record({
      kind: fc.oneof(
        ...(Object.keys(KINDS) as LifeAct['kind'][]).map((kind) => ({
          weight: KINDS[kind],
          arbitrary: fc.constant(kind),
        })),
      ),
      a: fc.nat({ max: 200 }),
      b: fc.nat({ max: 200 }),
    }),
    { minLength: 5, maxLength: 20 },
  ),
});
export type WaterfallLife = typeof waterfallLife extends fc.Arbitrary<infer Life> ? Life : never;

const MEMBERS = ['broker', 'm1', 'm2'];
const NAMES = Array.from({ length: 9 }, (_, i) => `a${i}`); // the last two are members' own
const INSTRUMENTS = ['BTC-PERP', 'OTHER'];
const pick = <Item>(items: readonly Item[], n: number): Item | undefined => items[n % Math.max(1, items.length)];

/** The house with its accounts, `rich` among them, who deals with everybody, and positions of all with one another. */
export function houseOf(life: WaterfallLife): TestHouse {
  const required = {
    warnings: [],
    call: term('INITIAL', '1'),
    cure: term('INITIAL', '1'),
    target: term('INITIAL', '1'),
  };
  const margins = classicPolicy({}, { ...required, closeOut: term('INITIAL', life.closeOut) });
  const house = onePerpetual({ price: '1000', tiers: flatTiers('0.02', '0.01'), policy: margins, lot: '0.1' });
  definePerpetual(house, 'OTHER', { price: '1500', tiers: flatTiers('0.02', '0.01'), lot: '0.1', interval: 3_600_000 });
  for (const member of MEMBERS.slice(1)) house.send({ type: 'AdmitMember', member, name: member });
  for (const command of policiesOf(life)) house.send(command);
  for (const command of fundsOf(life)) house.send(command);
  for (const [i, id] of NAMES.entries())
    openAccount(house, id, String(60 + (life.margins[i] ?? 0)), {
      ...{ owner: `o${life.owners[i]}`, member: MEMBERS[i % 3] ?? 'm1', kind: i >= 7 ? 'HOUSE' : 'CLIENT' },
    });
  openAccount(house, 'rich', '100000', { member: 'm2' });
  house.send({ type: 'ContributeToBackstopPool', account: 'rich', amount: String(1 + (life.funds[7] ?? 0)) });
  for (const [i, lots] of life.lots.entries()) {
    const pair = [pick(NAMES, i), i % 5 === 4 ? 'rich' : pick(NAMES, i + 1 + (lots % 5))];
    deal(house, lots % 2 === 0 ? pair : pair.reverse(), lots, INSTRUMENTS[i < 9 ? 0 : 1] ?? '');
  }
  return house;
}

const DISPOSAL_LIMITS = { maximumShareOfDepth: '1', slippage: '1' };

function policiesOf({ policy, base, method, bound, ladder, capped, surplusToClaims }: WaterfallLife): Command[] {
  const { layers, together } = policy;
  const inventoryCap = { amount: '100', fundShare: null, stop: '0.5' };
  const pool = { pool: 'p', currency: 'USD', instruments: ['OTHER'], cap: '60', thenGeneral: capped };
  const rungs = LADDERS[ladder] ?? [];
  return [
    { ...FUND_POLICY, floor: '10' },
    // What the house takes over goes slowly, so that days pass in few entries.
    {
      type: 'SetDisposalPolicy',
      currency: 'USD',
      interval: 7_200_000,
      fraction: '0.5',
      fullBelow: '500',
      ...DISPOSAL_LIMITS,
    },
    lossPolicy(layers, { base, together, surplusToClaims, gateWindow: 600_000 }),
    deleveragingPolicy({ method, bound, basis: 'PERIOD' }),
    ...(capped ? [deleveragingPolicy({ method, bound, basis: 'PERIOD', instrument: 'OTHER', inventoryCap })] : []),
    ...(rungs.length > 0 ? [ladderOf(rungs)] : []),
    { type: 'SetInsurancePool', ...pool },
  ];
}

function fundsOf({ funds }: WaterfallLife): Command[] {
  const [fund, capital, second, further, ...members] = funds.map((amount) => String(1 + amount));
  const currency = 'USD';
  return [
    { type: 'ContributeToInsuranceFund', currency, amount: fund ?? '1', source: 'EXTERNAL' },
    { type: 'ContributeHouseCapital', currency, amount: capital ?? '1' },
    { type: 'ContributeHouseTranche', currency, amount: second ?? '1', tranche: 'HOUSE_TRANCHE_2' },
    { type: 'ContributeHouseTranche', currency, amount: further ?? '1', tranche: 'HOUSE_FURTHER' },
    ...MEMBERS.map(
      (member, i): Command => ({ type: 'ContributeToDefaultFund', member, currency, amount: members[i] ?? '1' }),
    ),
  ];
}

const priceOf = ({ state }: TestHouse, instrument: string, percent = 100): string =>
  formatCount(((state.listings.get(instrument)?.mark?.price ?? 1n) * BigInt(percent)) / 100n || 1n, '0.1');
const inLots = (lots: bigint): string => formatCount(lots, '0.1');

function deal(
  house: TestHouse,
  [buyer = '', seller = '']: readonly (string | undefined)[],
  lots: number,
  instrument: string,
): void {
  if (lots > 0) house.try(tradeOf(buyer, seller, inLots(BigInt(lots)), priceOf(house, instrument), instrument));
}

/** What needs a second person is approved where it is proposed at all. */
function byTwoOrNot(house: TestHouse, command: Command): void {
  const before = house.state.proposals.size;
  house.try(command, officer('first'));
  const proposal = [...house.state.proposals.values()].at(-1);
  if (proposal && house.state.proposals.size > before)
    house.try({ type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash }, officer('second'));
}

const accountOf = (n: number): string => pick(NAMES, n) ?? '';
const SPANS = ['1s', '31s', '10m', '40m', '2h', '25h', '4d'];

const ACTS: Readonly<Record<LifeAct['kind'], (house: TestHouse, a: number, b: number) => unknown>> = {
  price: (house, a, b) => move(house, 88 + (a % 25), 88 + (b % 25)),
  gap: (house, a, b) => move(house, 40 + (a % 121), 40 + (b % 121)),
  pass: (house, a) => house.pass(pick(SPANS, a) ?? '1s'),
  trade: (house, a, b) =>
    deal(
      house,
      b % 2 === 0 ? [accountOf(a), 'rich'] : ['rich', accountOf(a)],
      1 + (b % 9),
      pick(INSTRUMENTS, a + b) ?? '',
    ),
  fill: fillSome,
  recover: (house, a, b) => recover(house, a, b),
  pay: (house, a, b) => payCall(house, a, b),
  deposit: (house, a, b) =>
    house.try({ type: 'DepositCollateral', account: accountOf(a), currency: 'USD', amount: String(1 + b) }),
  declare: (house, a) => byTwoOrNot(house, { type: 'DeclareDefault', member: pick(MEMBERS, a) ?? '', reason: 'life' }),
  settle: (house, a) => settle(house, a),
  tearUp: (house, a, b) =>
    byTwoOrNot(house, {
      type: 'TearUpPositions',
      instrument: pick(INSTRUMENTS, a) ?? '',
      size: null,
      share: b % 2 === 0 ? '1' : '0.4',
      reason: 'life',
    }),
  topUp: (house, a, b) =>
    house.try({
      type: 'ContributeToDefaultFund',
      member: pick(MEMBERS, a) ?? '',
      currency: 'USD',
      amount: String(1 + b),
    }),
};

/** What is asked may be refused. */
export const live = (house: TestHouse, { kind, a, b }: LifeAct): void => void ACTS[kind](house, a, b);

function move(house: TestHouse, btc: number, other: number): void {
  const price = (instrument: string, percent: number) => ({
    ...{ instrument, price: priceOf(house, instrument, percent), bid: null, ask: null, observedAt: null },
  });
  house.try({ type: 'SubmitMarkPrices', source: 'venue', prices: [price('BTC-PERP', btc), price('OTHER', other)] });
}

function fillSome(house: TestHouse, a: number, b: number): void {
  const order = pick([...house.state.liquidationOrders.values()], a);
  if (!order) return;
  const open = abs(minus(order.size, order.filled));
  const price =
    order.limit !== null && b % 2 === 0 ? formatCount(order.limit, '0.1') : priceOf(house, order.instrument);
  house.try(fillOf(order, price, inLots(b % 3 === 0 ? (open + 1n) / 2n : open), 'rich'));
}

/** All of it, or a part. */
const partOf = (all: bigint, n: number): string =>
  formatScaled(cash(n % 3 === 0 ? all : (all * BigInt(1 + (n % 100)) + 99n) / 100n), 2);

function recover(house: TestHouse, a: number, b: number): void {
  const one = pick([...house.state.lossCases.values()], a);
  if (one) house.try({ type: 'RecordRecovery', case: one.id, amount: partOf(outstandingOf(one), b) });
}

function payCall(house: TestHouse, a: number, b: number): void {
  const call = pick([...house.state.fundCalls.values()], a);
  if (call) house.try({ type: 'PayDefaultFundCall', call: call.id, amount: partOf(minus(call.amount, call.paid), b) });
}

/** Closes what a default holds at the mark, and settles it. */
function settle(house: TestHouse, a: number): void {
  const found = pick([...house.state.memberDefaults.values()], a);
  const account = found?.books[0]?.account;
  if (!found || account === undefined) return;
  for (const [instrument, { size }] of [...house.state.book.positions(account)]) {
    if (size === 0n) continue;
    const side = size > 0n ? 'SELL' : 'BUY';
    byTwoOrNot(house, {
      type: 'CloseDefaultPosition',
      default: found.id,
      instrument,
      side,
      size: inLots(abs(size)),
      limit: null,
    });
    for (const order of [...house.state.liquidationOrders.values()])
      if (order.account === account) house.try(fillOf(order, priceOf(house, instrument), inLots(abs(size)), 'rich'));
  }
  byTwoOrNot(house, { type: 'SettleDefault', default: found.id, currency: 'USD' });
}
