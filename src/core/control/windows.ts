/**
 * Time that people were given, besides margin calls: where it ends, and how it moves when a step of the clock is
 * accepted, so that everybody has as much of it left as before.  Ruling 23
 */

import { type Count, type Duration, type Instant, instant } from '../../units/quantity';
import type { MovedWindow } from '../message/control';
import type { AccountId } from '../model/account';
import type { LiquidationOrder } from '../model/liquidation';
import type { State, View } from '../model/state';
import type { WindowKind } from '../model/window';
import { lotDeadline } from '../settlement/default/auction';
import { amendBook } from '../settlement/default/books';

interface Open {
  readonly key: string; // of its deadline
  readonly id: string;
  readonly until: Instant;
  readonly account?: AccountId; // whose it is, of a claim
  readonly stays?: boolean; // of what the house sells for itself: that goes by its interval, whatever the clock does
}

interface Windows {
  open(view: View): readonly Open[];
  /**
   * Writes where one ends from now on. A state that follows the journal for its rows alone does not hold all of them.
   */
  move(state: State, id: string, until: Instant): void;
}

/** What else is said of one that is open. */
type More<Held> = (held: Held, view: View) => Pick<Open, 'account' | 'stays'>;

/** Objects that hold the end of their time themselves. */
function held<Id extends string, Held>(
  name: string,
  mapOf: (state: View) => ReadonlyMap<Id, Held>,
  untilOf: (held: Held, now: Instant) => Instant | undefined,
  moved: (held: Held, until: Instant) => Held,
  more: More<Held> = () => ({}),
): Windows {
  return {
    open: (view) =>
      [...mapOf(view)].flatMap(([id, each]) => {
        const until = untilOf(each, view.now);
        return until === undefined ? [] : [{ key: `${name}/${id}`, id, until, ...more(each, view) }];
      }),
    move(state, id, until) {
      const map = mapOf(state) as Map<Id, Held>;
      const one = map.get(id as Id);
      if (one) map.set(id as Id, moved(one, until));
    },
  };
}

/** Objects that expire at an instant of their own, all of them or those that somebody has. */
const expiring = <Id extends string, Held extends { readonly expiresAt: Instant }>(
  name: string,
  mapOf: (state: View) => ReadonlyMap<Id, Held>,
  more?: More<Held>,
  isHeld: (held: Held) => boolean = () => true,
): Windows =>
  held(
    name,
    mapOf,
    (one) => (isHeld(one) ? one.expiresAt : undefined),
    (one, expiresAt) => ({ ...one, expiresAt }),
    more,
  );

interface Round {
  readonly status: string;
  readonly startedAt: Instant;
  readonly deadline: Instant;
  readonly version: Count;
}

/** While it is paused the clock of an auction stands: it keeps its time left by that. */
const roundEnds = ({ status, deadline }: Round): Instant | undefined => (status === 'OPEN' ? deadline : undefined);

/** Its price goes by how long it has run: start and end move alike. */
const round = <Held extends Round>(one: Held, deadline: Instant): Held => ({
  ...one,
  startedAt: instant(one.startedAt + (deadline - one.deadline)),
  deadline,
  version: one.version + 1,
});

const WINDOWS: Readonly<Record<WindowKind, Windows>> = {
  FUND_CALL: held(
    'fund-call',
    ({ fundCalls }) => fundCalls,
    ({ deadline }) => deadline,
    (call, deadline) => ({ ...call, deadline }),
  ),
  PORT_OFFER: expiring('port', ({ portOffers }) => portOffers),
  PORTING: held(
    'default',
    ({ memberDefaults }) => memberDefaults,
    ({ phase, portingUntil }) => (phase === 'PORTING' ? portingUntil : undefined),
    (one, portingUntil) => ({ ...one, portingUntil }),
  ),
  LOT_AUCTION: {
    open: (view) =>
      lotAuctionsOf(view).map(({ of, currency, auction: { id, endsAt } }) => ({
        key: lotDeadline(of, currency),
        id,
        until: endsAt,
      })),
    move(state, id, endsAt) {
      for (const { of, currency, auction } of lotAuctionsOf(state))
        if (auction.id === id) amendBook(state, of, currency, { auction: { ...auction, endsAt } });
    },
  },
  AUCTION: held('auction', ({ auctions }) => auctions, roundEnds, round),
  PORTFOLIO_AUCTION: held('portfolio', ({ portfolios }) => portfolios, roundEnds, round),
  CLAIM: expiring(
    'claim',
    ({ claims }) => claims,
    ({ account, order }, { liquidationOrders }) => ({
      ...(account === null ? {} : { account }),
      stays: isOwnSale(liquidationOrders.get(order)),
    }),
    ({ account }) => account !== null,
  ),
  ORDER: expiring(
    'order',
    ({ liquidationOrders }) => liquidationOrders,
    (order) => ({ stays: isOwnSale(order) }),
  ),
  PRICE_WAIT: held(
    'awaited',
    ({ liquidations }) => liquidations,
    ({ paused, waitsUntil }, now) => (paused && waitsUntil !== undefined && waitsUntil > now ? waitsUntil : undefined),
    (one, waitsUntil) => ({ ...one, waitsUntil }),
  ),
  PROPOSAL: expiring('proposal', ({ proposals }) => proposals),
};

const isOwnSale = (order: LiquidationOrder | undefined): boolean => order?.liquidation === null;

const lotAuctionsOf = ({ memberDefaults }: View) =>
  [...memberDefaults.values()].flatMap(({ id: of, books }) =>
    books.flatMap(({ currency, auction }) => (auction ? [{ of, currency, auction }] : [])),
  );

const KINDS = Object.keys(WINDOWS) as WindowKind[];

/** When everything that is open ends. */
export const openWindows = (view: View): (Open & { readonly window: WindowKind })[] =>
  KINDS.flatMap((window) => WINDOWS[window].open(view).map((each) => ({ window, ...each })));

/** What is still open, moved on by a step. */
export const movedBy = (view: View, jump: Duration): MovedWindow[] =>
  openWindows(view)
    .filter(({ stays }) => stays !== true)
    .map(({ key: _, stays: _stays, until, ...rest }) => ({ ...rest, until: instant(until + jump) }));

export function moveWindows(state: State, moved: readonly MovedWindow[]): void {
  if (moved.length === 0) return;
  for (const { window, id, until } of moved) WINDOWS[window].move(state, id, until);
  for (const { key, until } of openWindows(state)) state.deadlines.set(key, until);
}
