/** Acts of officers and defaults with the smallest amounts there are. */

import type { Command } from '../../src/core/message/command';
import type { Actor } from '../../src/core/model/actor';
import { formatCount, formatScaled } from '../../src/units/decimal';
import type { TestHouse } from './house';
import { officer } from './ladder';
import type { Random } from './random';

/** The smallest unit of a currency, as a decimal. */
export const unitOf = ({ state }: TestHouse, currency: string): string =>
  formatScaled(1n, state.currencies.get(currency)?.scale ?? 0);
export const currencies = ({ state }: TestHouse): string[] => [...state.currencies.keys()];
export const accountsOf = ({ state }: TestHouse): string[] => [...state.book.accountIds()];

/** What needs a second person is approved by one. */
export function twice(house: TestHouse, command: Command): void {
  const before = new Set(house.state.proposals.keys());
  house.try(command, officer('first'));
  for (const { id, hash } of [...house.state.proposals.values()])
    if (!before.has(id)) house.try({ type: 'ApproveProposal', proposal: id, hash }, officer('second'));
}

export type Dust = (house: TestHouse, random: Random) => void;

export const any = <T>(random: Random, items: Iterable<T>): T | undefined => {
  const list = [...items];
  return list.length === 0 ? undefined : random.pick(list);
};

/** Lots that are little, much, or all that is held. */
export const lotsOf = ({ state }: TestHouse, instrument: string, lots: bigint): string =>
  formatCount(lots, state.listings.get(instrument)?.instrument.lot ?? '1');

export const ticksOf = ({ state }: TestHouse, instrument: string, ticks: bigint): string =>
  formatCount(ticks, state.listings.get(instrument)?.instrument.tick ?? '1');

export const OFFICE: readonly Dust[] = [
  (house, random) => {
    const one = any(random, house.state.lossCases.values());
    if (one) house.try({ type: 'RecordRecovery', case: one.id, amount: unitOf(house, one.currency) });
    const call = any(random, house.state.fundCalls.values());
    if (call) house.try({ type: 'PayDefaultFundCall', call: call.id, amount: unitOf(house, call.currency) });
  },
  (house, random) => {
    const instrument = any(random, house.state.listings.keys()) ?? '';
    twice(house, {
      ...{ type: 'TearUpPositions', instrument, size: random.chance(50) ? lotsOf(house, instrument, 1n) : null },
      ...{ share: random.pick(['0.000000000001', '1']), reason: 'dust' },
    });
  },
  (house, random) => {
    const found = any(random, house.state.memberDefaults.values());
    if (!found) return;
    twice(house, { type: 'ChargeDefaultCost', default: found.id, currency: 'USD', amount: '0.01', reason: 'dust' });
    twice(house, { type: 'SettleDefault', default: found.id, currency: 'USD' });
    const outcome = random.pick(['TERMINATED', 'REINSTATED'] as const);
    if (random.chance(30)) twice(house, { type: 'CloseDefault', default: found.id, outcome, reason: 'dust' });
  },
  (house, random) => {
    const window = random.pick([null, 0, 1]);
    house.try(
      { type: 'IssueMarginCall', account: random.pick(accountsOf(house)), amount: '0.01', window, reason: 'dust' },
      officer('first'),
    );
  },
  (house, random) => {
    const account = random.pick(accountsOf(house));
    const instrument = random.pick([null, any(random, house.state.listings.keys()) ?? null]);
    house.try({
      type: 'RegisterBackstopProvider',
      account,
      instrument,
      capacity: '0.01',
      discount: random.pick(['0', '0.000000000001', '1']),
    });
    house.try({ type: 'DeregisterLiquidator', account: random.pick(accountsOf(house)) });
  },
  (house, random) => {
    const instrument = any(random, house.state.listings.keys()) ?? '';
    house.try({
      type: 'SetMarketLimits',
      instrument,
      float: lotsOf(house, instrument, 1n),
      openInterestShare: '1',
      positionShare: null,
    });
    house.pass(random.pick(['1ms', '8h']));
  },
];

/** What is left of a member: its book in the smallest lots, bids of nothing, clients that go one by one. */
export const DEFAULTS: readonly Dust[] = [
  (house, random) => {
    // Rarely: a member in default trades no more.
    if (random.chance(20))
      twice(house, { type: 'DeclareDefault', member: random.pick([...house.state.members.keys()]), reason: 'dust' });
  },
  (house, random) => {
    const found = any(random, house.state.memberDefaults.values());
    if (!found) return;
    const at = { default: found.id, currency: 'USD' };
    const lots = [
      { share: '0.000000000001', positions: null },
      { share: '0.999999999999', positions: null },
    ];
    twice(house, { type: 'SplitDefault', ...at, lots: random.chance(50) ? lots : [{ share: '1', positions: null }] });
    const reserve = random.pick(['0', '0.000000000001', '1']);
    twice(house, { type: 'AuctionDefault', ...at, invited: null, minimumBidders: 1, reserve, window: 1_000 });
    for (let i = 0; i < 3; i++) {
      const [account, amount] = [random.pick(accountsOf(house)), random.pick(['0', '0.01', '-0.01', '-100'])];
      house.try({ type: 'BidForLot', ...at, lot: 1 + random.below(2), account, amount });
    }
    if (random.chance(70)) house.pass('1s');
  },
  (house, random) => {
    const found = any(random, house.state.memberDefaults.values());
    if (!found) return;
    const [toMember, account] = [random.pick([...house.state.members.keys()]), random.pick(accountsOf(house))];
    house.try({ type: 'PortClients', default: found.id, accounts: random.pick([null, [account]]), toMember });
    const port = any(random, house.state.portOffers.keys()) ?? '';
    const actor: Actor = { id: 'broker', role: 'BROKER', member: toMember };
    house.try(random.chance(70) ? { type: 'AcceptPort', port } : { type: 'DeclinePort', port, reason: 'dust' }, actor);
  },
  (house, random) => {
    const found = any(random, house.state.memberDefaults.values());
    const instrument = any(random, house.state.listings.keys()) ?? '';
    if (!found) return;
    const order = {
      default: found.id,
      instrument,
      size: lotsOf(house, instrument, 1n),
      limit: random.pick([null, ticksOf(house, instrument, 1n)]),
    };
    const [type, side] = [
      random.pick(['HedgeDefault', 'CloseDefaultPosition'] as const),
      random.pick(['BUY', 'SELL'] as const),
    ];
    twice(house, { type, ...order, side });
  },
];
