/**
 * The house of the random walks on a disposal ladder: liquidators, a provider, portfolios at auction, and what those do
 * by chance.
 */

import fc from 'fast-check';
import type { Command } from '../../src/core/message/command';
import type { RungInput } from '../../src/core/message/ladderCommands';

import type { LossLayer } from '../../src/core/model/policy';
import { formatCount } from '../../src/units/decimal';
import { openAccount } from './given';
import type { TestHouse } from './house';
import { byTwo, officer } from './ladder';
import { portfolioPolicy } from './portfolio';
import { ladderOf, liquidator, offerOf, provider, rungOf } from './rungs';
import { askedBy, move, spanOf } from './walk';
import { walkHouse } from './walkHouse';

const TAKERS = ['lee', 'moe', 'bidder', 'bob'];

/** Ladders of every kind, the last of each taking everything. */
const LADDERS: readonly (readonly RungInput[])[] = [
  [
    rungOf('VENUE', { window: 10_000, globalCap: '400000', maximumShareOfDepth: '0.5' }),
    rungOf('LIQUIDATORS', {
      window: 30_000,
      marketCap: '300000',
      offer: offerOf({
        flat: '3',
        startRate: '0.0005',
        ratePerSecond: '0.0001',
        maximumRate: '0.002',
        claimPenalty: '7',
      }),
    }),
    rungOf('AUCTION', { globalCap: '2000000' }),
    rungOf('BACKSTOP', { slippage: '0.002' }),
    rungOf('HOUSE', { marketCap: '150000' }),
    rungOf('DELEVERAGING'),
  ],
  [rungOf('AUCTION'), rungOf('DELEVERAGING', { marketCap: '100000' }), rungOf('HOUSE')],
  [
    rungOf('LIQUIDATORS', { window: 20_000, offer: offerOf({ expense: '2', profitRate: '0.5', rewardCap: '40' }) }),
    rungOf('HOUSE'),
  ],
  [rungOf('BACKSTOP', { slippage: '0.001' }), rungOf('VENUE', { slippage: '0.01' }), rungOf('DELEVERAGING')],
];

const LAYERS: readonly (readonly LossLayer[])[] = [
  ['INSURANCE_FUND', 'HOUSE_CAPITAL', 'DELEVERAGING', 'SOCIALIZED_LOSS'],
  ['DELEVERAGING', 'INSURANCE_FUND', 'SOCIALIZED_LOSS'],
  ['INSURANCE_FUND', 'SOCIALIZED_LOSS'],
];

export function walkHouseOnLadder(): TestHouse {
  const house = walkHouse();
  for (const id of ['lee', 'moe']) liquidator(house, id, '200', '60000');
  provider(house, 'pat', '300000', '0.001', '40000');
  openAccount(house, 'bidder', '60000');
  byTwo(house, portfolioPolicy({ fast: 30_000, slow: 60_000, window: 90_000, insolventWindow: 45_000 }));
  byTwo(house, ladderOf(LADDERS[0] ?? []));
  byTwo(house, lossPolicy(0));
  return house;
}

const lossPolicy = (n: number): Command => ({
  ...{ type: 'SetLossPolicy', currency: 'USD', layers: LAYERS[n % LAYERS.length] ?? ['INSURANCE_FUND'], base: 'GAINS' },
  ...{ period: 86_400_000, fundTarget: '0' },
});

/** One act on the ladder: its kind and two small numbers. */
export interface LadderAct {
  readonly rung: 'squeeze' | 'claim' | 'take' | 'bid' | 'ladder' | 'layers' | 'provide' | 'leave';
  readonly a: number;
  readonly b: number;
}

const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % Math.max(1, items.length)];

export function actOnLadder(house: TestHouse, act: LadderAct): void {
  if (act.rung === 'squeeze') squeeze(house, act);
  else if (act.rung === 'ladder')
    twice(house, ladderOf(pick(LADDERS, act.a) ?? [], act.b % 4 === 0 ? 'ETH-PERP' : null));
  else if (act.rung === 'layers') twice(house, lossPolicy(act.a));
  else {
    // Nobody is offered what stands before its rung: its time there passes.
    const orders = [...house.state.liquidationOrders.values()].filter(({ stand }) => stand !== undefined);
    const waits = act.rung === 'bid' ? house.state.portfolios.size === 0 : !orders.some(({ stand }) => stand?.offer);
    if (orders.length > 0 && waits) house.pass(act.rung === 'bid' ? '30s' : '10s');
    house.try(commandOf(house, act));
  }
}

/** Two buy all that their margin allows, and the price falls by 2.5 to 6 %: called, closed out or bankrupt. */
function squeeze(house: TestHouse, { a, b }: LadderAct): void {
  for (const client of [a, a + 1])
    for (const [command] of askedBy(house, { kind: 'lever', a: client, b: 0, c: a % 2, d: 0 })) house.try(command);
  const listing = house.state.listings.get(a % 2 === 0 ? 'BTC-PERP' : 'ETH-PERP');
  if (!listing?.mark) return;
  const ticks = (listing.mark.price * BigInt(975 - (b % 36))) / 1000n;
  const price = formatCount(ticks, listing.instrument.tick);
  const prices = [{ instrument: listing.instrument.id, price, bid: null, ask: null, observedAt: null }];
  house.try({ type: 'SubmitMarkPrices', source: 'venue', prices });
}

function commandOf({ state }: TestHouse, { rung, a, b }: LadderAct): Command {
  const account = pick(TAKERS, b) ?? '';
  const order =
    pick(
      [...state.liquidationOrders.values()].filter(({ stand }) => stand?.offer),
      a,
    )?.id ?? '';
  const portfolio = pick([...state.portfolios.values()], a);
  switch (rung) {
    case 'claim':
      return { type: 'ClaimLiquidation', order, account };
    case 'take':
      return { type: 'TakeLiquidation', order, account, size: b % 3 === 0 ? '0.1' : null };
    case 'bid':
      return {
        ...{ type: 'TakePortfolio', auction: portfolio?.id ?? '', account, share: b % 3 === 0 ? '0.2' : null },
        ...{ limit: '100000000', version: portfolio?.version ?? 1 },
      };
    case 'provide':
      return {
        ...{ type: 'RegisterBackstopProvider', account, instrument: b % 2 === 0 ? null : 'BTC-PERP' },
        ...{ capacity: `${1 + a * 1000}`, discount: '0.0005' },
      };
    default:
      return b % 2 === 0
        ? { type: 'DeregisterLiquidator', account }
        : { type: 'RegisterLiquidator', account, deposit: '150', operator: null };
  }
}

/** What takes two, by two, where it is allowed at all. */
function twice(house: TestHouse, command: Command): void {
  house.try(command, officer('first'));
  const proposal = [...house.state.proposals.values()].at(-1);
  if (proposal) house.try({ type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash }, officer('second'));
}

const number = fc.nat({ max: 200 });
export const ladderAct: fc.Arbitrary<LadderAct> = fc.record({
  rung: fc.oneof(
    ...(
      [
        ['squeeze', 9],
        ['claim', 3],
        ['take', 9],
        ['bid', 5],
        ['ladder', 2],
        ['layers', 1],
        ['provide', 1],
        ['leave', 1],
      ] as const
    ).map(([rung, weight]) => ({ weight, arbitrary: fc.constant(rung) })),
  ),
  a: number,
  b: number,
});

/** A long random life on a ladder, the same for the same seed. */
export function ladderStoryOf(seed: number, length = 250): TestHouse {
  const house = walkHouseOnLadder();
  const moves = fc.array(fc.oneof({ weight: 2, arbitrary: move }, { weight: 1, arbitrary: ladderAct }), {
    minLength: length,
    maxLength: length,
  });
  for (const now of fc.sample(moves, { seed, numRuns: 1 })[0] ?? []) {
    if ('rung' in now) actOnLadder(house, now);
    else if ('pass' in now) house.pass(spanOf(now));
    else for (const [command, actor] of askedBy(house, now)) house.try(command, actor);
  }
  return house;
}
