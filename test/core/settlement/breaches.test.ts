/**
 * No breach is missed: the engine against a brute-force scan of everybody on every tick of recorded prices.  Rule:
 * RLM-2
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../../src/core/message/event';
import { classicPolicy, definePerpetual, flatTiers, openAccount, trade } from '../../support/given';
import { createTestHouse, ofType, type TestHouse } from '../../support/house';
import { createOracle, Exact, fraction, type Oracle, type Term } from '../../support/oracle';
import { randomOf } from '../../support/random';

const YEAR = 365 * 86_400_000;
const CALL = [{ base: 'MAINTENANCE', ratio: '1' }] as const;
const CLOSE_OUT = [{ base: 'MAINTENANCE', ratio: '2/3' }] as const;
const TARGET = [{ base: 'MAINTENANCE', ratio: '1.25' }] as const;

type Status = 'FREE' | 'CALL' | 'LIQUIDATING' | 'GONE';

/** What a tick brought about, each list in the order of events. */
interface Brought {
  readonly called: string[];
  readonly cured: string[];
  readonly liquidated: string[];
  readonly restored: string[];
  readonly bankrupt: string[];
}

interface Tick {
  readonly instrument: string;
  readonly price: string;
}

/** BTC and ETH on 11 to 13 March 2020 in bars of an hour, each bar as four ticks, the two coins in turn. */
function recordedTicks(): Tick[] {
  const file = join(__dirname, '../../../src/interop/examples/2020-03-12.json');
  const { bars } = JSON.parse(readFileSync(file, 'utf8')) as {
    bars: Record<string, [string, string, string, string][]>;
  };
  const streams = Object.entries(bars).map(([coin, rows]) =>
    rows.flatMap(([open, high, low, close]) => {
      const path = new Exact(close).lt(open) ? [open, high, low, close] : [open, low, high, close];
      return path.map((price) => ({ instrument: `${coin}-PERP`, price }));
    }),
  );
  const [first = [], ...others] = streams;
  return first.flatMap((tick, i) => [tick, ...others.flatMap((stream) => stream.slice(i, i + 1))]);
}

/** Long and short at leverages of 2 to 18 against makers who never run out, and a fund that never does. */
function populated(ticks: readonly Tick[]): { house: TestHouse; oracle: Oracle; clients: string[] } {
  const house = createTestHouse();
  const oracle = createOracle();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  house.send(
    classicPolicy(
      { venueWindow: YEAR },
      {
        cureWindow: YEAR,
        call: [...CALL],
        cure: [...CALL],
        closeOut: [...CLOSE_OUT],
        target: [...TARGET],
        aggregation: 'ACCOUNT',
      },
    ),
  );
  for (const instrument of ['BTC-PERP', 'ETH-PERP']) {
    const price = ticks.find((tick) => tick.instrument === instrument)?.price as string;
    const tiers = flatTiers('0.05', '0.025');
    definePerpetual(house, instrument, { price, tick: '0.01', lot: '1', tiers });
    oracle.instruments.set(instrument, {
      multiplier: '1',
      least: { initial: '0', maintenance: '0' },
      tiers,
      mark: price,
    });
  }
  house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '900000000', source: 'EXTERNAL' });
  openAccount(house, 'maker', '90000000000');
  const random = randomOf(31);
  const clients = Array.from({ length: 45 }, (_, i) => `c${i}`);
  for (const id of clients) {
    const sizes = [...oracle.instruments].map(([instrument, { mark }]) => ({
      instrument,
      mark,
      size: random.between(-30, 30) * (instrument === 'ETH-PERP' ? 30 : 1),
    }));
    const notional = sizes.reduce(
      (sum, { size, mark }) => sum.plus(new Exact(mark).times(Math.abs(size))),
      new Exact(1),
    );
    const deposit = notional.times(1000).div(random.between(2000, 18_000)).toFixed(2);
    openAccount(house, id, deposit);
    oracle.accounts.set(id, {
      owner: id,
      leverage: null,
      cash: new Exact(deposit),
      fills: [],
      collateral: new Map(),
      orders: [],
    });
    for (const { instrument, mark, size } of sizes) {
      if (size === 0) continue;
      const [buyer, seller] = size > 0 ? [id, 'maker'] : ['maker', id];
      trade(house, buyer as string, seller as string, String(Math.abs(size)), mark, instrument);
      oracle.accounts.get(id)?.fills.push({ instrument, size: new Exact(size), price: mark });
    }
  }
  return { house, oracle, clients };
}

/** What must follow from the present marks: everybody looked at, riskiest first. */
function scan(oracle: Oracle, statuses: Map<string, Status>): Brought {
  const brought: Brought = { called: [], cured: [], liquidated: [], restored: [], bankrupt: [] };
  const standings = [...statuses]
    .filter(([, status]) => status !== 'GONE')
    .map(([id, status]) => ({
      id,
      status,
      equity: oracle.equityOf(id),
      maintenance: oracle.requirementOf(id, 'maintenance'),
    }))
    .filter(({ maintenance }) => !maintenance.isZero())
    .sort(
      (a, b) =>
        a.equity.times(b.maintenance).cmp(b.equity.times(a.maintenance)) ||
        b.maintenance.cmp(a.maintenance) ||
        (a.id < b.id ? -1 : 1),
    );
  for (const { id, status, equity, maintenance } of standings) {
    const below = ([{ ratio }]: readonly [Term]): boolean => equity.lt(maintenance.times(fraction(ratio)));
    let now = status;
    if (now === 'CALL' && !below(CALL)) {
      brought.cured.push(id);
      now = 'FREE';
    }
    if (now === 'FREE' && below(CALL)) {
      brought.called.push(id);
      now = 'CALL';
    }
    if (now === 'CALL' && below(CLOSE_OUT)) {
      brought.liquidated.push(id);
      now = 'LIQUIDATING';
    }
    if (now === 'LIQUIDATING' && equity.isNegative()) {
      brought.bankrupt.push(id);
      now = 'GONE';
    } else if (now === 'LIQUIDATING' && !below(TARGET)) {
      brought.restored.push(id);
      now = 'FREE';
    }
    statuses.set(id, now);
  }
  return brought;
}

const broughtBy = (events: readonly Event[]): Brought => {
  const ended = (outcome: string): string[] =>
    ofType(events, 'LiquidationEnded')
      .filter((event) => event.outcome === outcome)
      .map(({ account }) => account);
  return {
    called: ofType(events, 'MarginCallIssued').map(({ issued }) => issued.account),
    cured: ofType(events, 'MarginCallCured').map(({ account }) => account),
    liquidated: ofType(events, 'LiquidationStarted').map(({ started }) => started.account),
    restored: ended('RESTORED'),
    bankrupt: ended('BANKRUPT'),
  };
};

test(
  'RLM-2 over Black Thursday the engine calls, cures, liquidates and closes just those a full scan finds, in ' +
    'its order',
  () => {
    const ticks = recordedTicks();
    const { house, oracle, clients } = populated(ticks);
    const statuses = new Map<string, Status>(clients.map((id) => [id, 'FREE']));
    const seen = { called: 0, cured: 0, liquidated: 0, restored: 0, bankrupt: 0, together: 0 };
    for (const { instrument, price } of ticks) {
      (oracle.instruments.get(instrument) as { mark: string }).mark = price;
      const expected = scan(oracle, statuses);
      const events = house.send({
        type: 'SubmitMarkPrices',
        source: 'venue',
        prices: [{ instrument, price, bid: null, ask: null, observedAt: null }],
      });
      expect({ price, ...broughtBy(events) }).toEqual({ price, ...expected });
      for (const kind of ['called', 'cured', 'liquidated', 'restored', 'bankrupt'] as const) {
        seen[kind] += expected[kind].length;
        if (expected[kind].length > 1) seen.together += 1;
      }
    }
    // The day was hard enough for every kind, several at once among them.
    expect(Object.values(seen).every((count) => count > 2)).toBe(true);
    expect(seen.called).toBeGreaterThan(40);
  },
);
