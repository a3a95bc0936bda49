/** Accounts on their way through a liquidation, and a venue that fills the house's orders. */

import type { CommandOf } from '../../src/core/message/command';
import type { Entry } from '../../src/core/message/envelope';
import type { Event, EventOf } from '../../src/core/message/event';
import type { Transfer } from '../../src/core/message/ledger';
import type { LiquidationTermsInput } from '../../src/core/message/liquidationTermsInput';
import type { TierInput } from '../../src/core/message/tierInputs';

import type { LiquidationOrder } from '../../src/core/model/liquidation';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, trade } from './given';
import { ofType, type TestHouse } from './house';

export interface Fallen {
  readonly side?: 'long' | 'short';
  readonly contracts?: string;
  readonly entry?: string; // price entered at
  readonly deposit?: string;
  readonly at?: string; // mark that it falls to
  readonly tiers?: TierInput[];
  readonly tick?: string;
  readonly lot?: string;
  readonly terms?: Partial<LiquidationTermsInput>;
  readonly policy?: Partial<CommandOf<'SetMarginPolicy'>>;
}

/**
 * `alice` holds 10 contracts that have fallen to 50,000 with equity 11,000 against 12,500 of maintenance margin, 0.5 %
 * fee; `maker` stands on the other side with enough for anything.
 */
export function fallen(given: Fallen = {}): TestHouse {
  const house = onePerpetual({
    price: given.entry ?? '52000',
    tiers: given.tiers ?? flatTiers('0.05', '0.025'),
    policy: classicPolicy({ feeRate: '0.005', ...given.terms }, given.policy),
    ...(given.tick ? { tick: given.tick } : {}),
    ...(given.lot ? { lot: given.lot } : {}),
  });
  openAccount(house, 'maker', '900000000');
  openAccount(house, 'alice', given.deposit ?? '31000');
  const [buyer, seller] = given.side === 'short' ? ['maker', 'alice'] : ['alice', 'maker'];
  trade(house, buyer as string, seller as string, given.contracts ?? '10', given.entry ?? '52000');
  mark(house, given.at ?? '50000');
  return house;
}

/** The same an hour on: the call has expired, the liquidation has begun. */
export function liquidating(given: Fallen = {}): { house: TestHouse; events: Event[] } {
  const house = fallen(given);
  return { house, events: house.pass('1h') };
}

export const openOrders = (house: TestHouse, account = 'alice'): LiquidationOrder[] =>
  [...house.state.liquidationOrders.values()]
    .filter((order) => order.account === account)
    .sort((a, b) => (a.id < b.id ? -1 : 1));

let fills = 0;
export const fillOf = (
  order: LiquidationOrder,
  price: string,
  size: string,
  counterparty = 'maker',
  trade = `f${++fills}`,
) => ({
  type: 'ReportLiquidationFill' as const,
  order: order.id,
  trade,
  counterparty,
  price,
  size,
});

/** Fills the account's only order at a price: `size` contracts of it. */
export function fill(house: TestHouse, price: string, size: string, account = 'alice'): Event[] {
  const [order] = openOrders(house, account);
  if (!order) throw new Error(`${account} has no open order`);
  return house.send(fillOf(order, price, size));
}

export const statusOf = (house: TestHouse, account = 'alice'): string => house.state.book.stateOf(account).status;
export const sizeOf = (house: TestHouse, account = 'alice', instrument = 'BTC-PERP'): bigint =>
  house.state.book.position(account, instrument)?.size ?? 0n;

export const onlyOf = <Type extends Event['type']>(events: readonly Event[], type: Type): EventOf<Type> => {
  const found = ofType(events, type);
  if (found.length !== 1) throw new Error(`${found.length} events of ${type}`);
  return found[0] as EventOf<Type>;
};

export const linesOf = (transfers: readonly Transfer[]): string[] =>
  transfers.map(({ from, to, amount, reason }) => `${reason} ${from} > ${to} ${amount}`);

/** Where in the journal a transfer stands: its entry, and its place among the transfers of it. */
export function placeOf(
  entries: readonly Entry[],
  matches: (transfer: Transfer) => boolean,
  transfersOf: (event: Event) => readonly Transfer[],
) {
  for (const { seq, outcome } of entries) {
    const transfers = 'events' in outcome ? outcome.events.flatMap(transfersOf) : [];
    const place = transfers.findIndex(matches);
    if (place >= 0) return { entry: seq, place, transfer: transfers[place] as Transfer };
  }
  throw new Error('No such transfer');
}
