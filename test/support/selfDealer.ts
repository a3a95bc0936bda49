/**
 * One owner on both sides of its own trades, in a house with every way to close an account: random lives of it, and the
 * sum of what it may have at most, kept beside the house and apart from its arithmetic.
 */

import fc from 'fast-check';
import { freeIn } from '../../src/core/control/withdraw';
import type { LossLayer } from '../../src/core/model/policy';
import { auctionHouse } from './auction';
import { mark, openAccount, pay, trade } from './given';
import { ofType, type TestHouse } from './house';
import { byTwo } from './ladder';
import { openOrders } from './liquidation';
import { portfolioPolicy } from './portfolio';
import { offerOf, rungOf, setLadder } from './rungs';

export const OWN = ['a', 'b', 'c', 'iso'] as const;
const own = fc.constantFrom(...OWN);

/** What the owner or the world does next. */
const steps = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('trade' as const),
      buyer: own,
      seller: own,
      tenths: fc.integer({ min: 1, max: 40 }),
      off: fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -20_000, max: 20_000 })),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant('mark' as const), percent: fc.integer({ min: -40, max: 40 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('pay' as const),
      account: own,
      amount: fc.integer({ min: 1, max: 5000 }),
      coin: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('withdraw' as const), account: own }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('move' as const), from: own, to: own }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('pass' as const), span: fc.constantFrom('5s', '1m', '20m', '2h') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('fill' as const), by: fc.constantFrom('maker', 'lee', 'b1', ...OWN) }),
  },
);
export type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;

export const lives = fc.record({
  steps: fc.array(steps, { minLength: 8, maxLength: 40 }),
  deposits: fc.array(fc.integer({ min: 500, max: 8000 }), { minLength: 4, maxLength: 4 }),
  coins: fc.integer({ min: 0, max: 30 }),
  daily: fc.boolean(),
  rungs: fc.constantFrom(
    [],
    ['LIQUIDATORS', 'HOUSE'],
    ['AUCTION', 'HOUSE'],
    ['LIQUIDATORS', 'BACKSTOP', 'AUCTION', 'HOUSE'],
  ),
  auctioned: fc.boolean(),
  portfolios: fc.boolean(),
});
export type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

export const LAYERS: readonly LossLayer[] = ['OWNER_COLLATERAL', 'INSURANCE_FUND', 'HOUSE_CAPITAL', 'SOCIALIZED_LOSS'];

/** The house with its market, and the owner with its deposits. */
function begin(
  { deposits, coins, daily, rungs, auctioned, portfolios }: Life,
  layers: readonly LossLayer[],
): TestHouse {
  const house = auctionHouse({ policy: auctioned ? {} : null, fund: '1000000', interval: daily ? 86_400_000 : null });
  // The owner takes whatever it can: what it gains may leave at once.
  byTwo(house, {
    type: 'SetLossPolicy',
    currency: 'USD',
    layers,
    base: 'GAINS',
    period: 86_400_000,
    fundTarget: '0',
    stableWindow: 0,
  });
  // What the house takes over stays with it: what becomes of it is not the owner's.
  house.send({
    type: 'SetDisposalPolicy',
    currency: 'USD',
    interval: 30 * 86_400_000,
    fraction: '1',
    fullBelow: '0',
    maximumShareOfDepth: '1',
    slippage: '1',
  });
  trade(house, 'maker', 'b2', '1', '50000');
  openAccount(house, 'lee', '10000000', { member: 'm3' });
  house.send({ type: 'RegisterLiquidator', account: 'lee', deposit: '1000', operator: null });
  openAccount(house, 'back', '10000000', { member: 'm3' });
  house.send({
    type: 'RegisterBackstopProvider',
    account: 'back',
    instrument: null,
    capacity: '300000',
    discount: '0.005',
  });
  if (portfolios) byTwo(house, portfolioPolicy());
  if (rungs.length > 0)
    setLadder(
      house,
      rungs.map((rung) =>
        rungOf(
          rung as 'HOUSE',
          rung === 'LIQUIDATORS'
            ? { offer: offerOf({ flat: '5', maximumRate: '0.001' }) }
            : rung === 'BACKSTOP'
              ? { slippage: '0.005' }
              : {},
        ),
      ),
    );
  for (const [i, id] of OWN.entries()) {
    openAccount(house, id, String(deposits[i]), { owner: 'x', ...(id === 'iso' ? { instrument: 'BTC-PERP' } : {}) });
    house.try({ type: 'RegisterLiquidator', account: id, deposit: '100', operator: null });
  }
  if (coins > 0) pay(house, 'c', String(coins), 'ETH');
  return house;
}

const COIN = 11_000n; // cents that one coin is worth, at an index that stands

/**
 * Cash, gains at the mark and coins of the owner, deposits as liquidator and coins at auction included. Unit: cents.
 */
export function worthOf(house: TestHouse): bigint {
  const { book, ledger, auctions } = house.state;
  const listing = house.state.listings.get('BTC-PERP');
  let worth = 0n;
  let coins = 0n;
  for (const id of OWN) {
    const position = book.position(id, 'BTC-PERP');
    const value = (position?.size ?? 0n) * (listing?.mark?.price ?? 0n) * (listing?.instrument.tickValue ?? 0n);
    worth +=
      book.balance(id, 'USD') + value - (position?.cost ?? 0n) + (ledger.get(`liquidator-deposit/${id} USD`) ?? 0n);
    coins += book.balance(id, 'ETH');
  }
  for (const { id, account } of auctions.values())
    if (OWN.some((one) => one === account)) {
      coins += ledger.get(`auction/${id} ETH`) ?? 0n;
      worth += ledger.get(`auction/${id} USD`) ?? 0n;
    }
  return worth + (coins * COIN) / 10n ** 8n;
}

/** Lots the owner holds in all. */
const netOf = (house: TestHouse): bigint =>
  OWN.reduce((sum, id) => sum + (house.state.book.position(id, 'BTC-PERP')?.size ?? 0n), 0n);

export interface Lived {
  readonly house: TestHouse;
  readonly most: bigint; // paid in, less taken out, and what the market made of what its positions did not cancel out
  readonly worth: bigint;
  readonly borne: bigint; // by others for the owner
  readonly unspent: bigint; // what the owner could still have spared when others bore
  readonly hedged: bigint; // borne by others although its positions had cancelled out all its life
  readonly taken: bigint; // withdrawals
  readonly bankrupt: number;
  readonly refused: number; // acts of its own against itself
}

const text = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;

export function live(life: Life, layers = LAYERS): Lived {
  const house = begin(life, layers);
  const tick = house.state.listings.get('BTC-PERP')?.instrument.tickValue ?? 0n;
  let most = worthOf(house);
  let [borne, hedged, taken, unspent, bankrupt, refused] = [0n, 0n, 0n, 0n, 0, 0];
  let flat = true; // never held more on one side than on the other
  const note = (from: number): void => {
    for (const { outcome } of house.entries.slice(from)) {
      for (const { cases } of ofType('events' in outcome ? outcome.events : [], 'LossAllocated'))
        for (const one of cases.filter(({ account }) => OWN.some((id) => id === account))) {
          bankrupt += 1;
          const others = one.layers
            .filter(({ layer }) => layer !== 'OWNER_COLLATERAL')
            .reduce((sum, { used }) => sum + used, 0n);
          borne += others;
          if (flat) hedged += others;
          if (others > 0n) unspent += one.layers.find(({ layer }) => layer === 'OWNER_COLLATERAL')?.left ?? 0n;
        }
    }
    if (netOf(house) !== 0n) flat = false;
  };
  for (const [i, step] of [
    ...life.steps,
    { does: 'pass', span: '3h' } as const,
    { does: 'pass', span: '3h' } as const,
  ].entries()) {
    const before = house.entries.length;
    switch (step.does) {
      case 'trade':
        house.try(
          deal(i, step.buyer, step.seller, String(step.tenths / 10), String(step.off + Number(markOf(house)) / 10)),
        );
        break;
      case 'mark': {
        const price = (markOf(house) * BigInt(100 + step.percent)) / 100n;
        most += netOf(house) * (price - markOf(house)) * tick;
        mark(house, `${price / 10n}.${price % 10n}`);
        break;
      }
      case 'pay': {
        const cents = step.coin ? BigInt(step.amount) * COIN : BigInt(step.amount) * 100n;
        pay(house, step.account, String(step.amount), step.coin ? 'ETH' : 'USD');
        most += cents;
        break;
      }
      case 'withdraw': {
        house.pass('0s');
        const account = house.state.book.account(step.account);
        const free = account ? freeIn(house.state, account, 'USD') : 0n;
        const outcome =
          free > 0n
            ? house.try({ type: 'WithdrawCollateral', account: step.account, currency: 'USD', amount: text(free) })
            : null;
        if (outcome && 'events' in outcome) {
          most -= free;
          taken += free;
        }
        break;
      }
      case 'move':
        house.try({ type: 'TransferCollateral', from: step.from, to: step.to, currency: 'USD', amount: '100' });
        break;
      case 'pass':
        house.pass(step.span);
        mark(house, `${markOf(house) / 10n}.${markOf(house) % 10n}`);
        break;
      case 'fill':
        refused += closeBy(house, step.by, i);
        break;
    }
    note(before);
  }
  return { house, most, worth: worthOf(house), borne, unspent, hedged, taken, bankrupt, refused };
}

const markOf = (house: TestHouse): bigint => house.state.listings.get('BTC-PERP')?.mark?.price ?? 0n;

const deal = (i: number, buyer: string, seller: string, size: string, price: string) =>
  ({
    type: 'SubmitTrade',
    trade: `own-${i}`,
    instrument: 'BTC-PERP',
    buyer,
    seller,
    price,
    size,
    taker: null,
    buyOrder: null,
    sellOrder: null,
  }) as const;

/**
 * Whoever it is tries everything that would close something of the owner: orders, claims, auctions. Returns how often
 * the owner was refused.
 */
function closeBy(house: TestHouse, by: string, i: number): number {
  let refused = 0;
  const self = OWN.some((id) => id === by);
  const attempt = (command: Parameters<TestHouse['try']>[0]): void => {
    if ('rejection' in house.try(command) && self) refused += 1;
  };
  const at = markOf(house);
  for (const account of OWN)
    for (const order of openOrders(house, account)) {
      if (order.stand?.offer) attempt({ type: 'TakeLiquidation', order: order.id, account: by, size: null });
      else if (!self) {
        const left = order.size - order.filled;
        const lots = left < 0n ? -left : left;
        house.try({
          type: 'ReportLiquidationFill',
          order: order.id,
          trade: `fill-${i}-${order.id}`,
          counterparty: by,
          price: `${at / 10n}.${at % 10n}`,
          size: `${lots / 10n}.${lots % 10n}`,
        });
      }
    }
  for (const { id, version } of house.state.portfolios.values())
    attempt({ type: 'TakePortfolio', auction: id, account: by, share: null, limit: '99999999', version });
  for (const { id, version } of house.state.auctions.values()) {
    attempt({ type: 'TakeAuction', auction: id, account: by, quantity: '9', limit: '110', version });
    attempt({ type: 'ResetAuction', auction: id, account: by });
  }
  return refused;
}
