/** A gap of 30 % through a thousand accounts.  Rules: B3-4, LE-2, LE-3 */

import { audit } from '../../../src/core/engine/audit';
import { digestOf } from '../../../src/core/engine/digest';
import { applyEntry, execute } from '../../../src/core/engine/execute';
import { createState } from '../../../src/core/engine/genesis';
import { healthOf } from '../../../src/core/margin/health';
import { type Entry, eventsOf } from '../../../src/core/message/envelope';
import type { Event } from '../../../src/core/message/event';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { randomOf } from '../../support/random';

const ACCOUNTS = 1000;
const FUND = 200_000_000n;
const CAPITAL = 50_000_000n;

interface Client {
  readonly id: string;
  readonly lots: bigint; // long, tenths of a contract
  readonly deposit: bigint; // cents
}

/** Every account is long one to thirty contracts at 50,000 with 5 to 60 % of their value; 20 makers are short. */
function crowd(): { house: TestHouse; clients: Client[] } {
  const house = onePerpetual({
    tiers: flatTiers('0.05', '0.025'),
    policy: classicPolicy({ feeRate: '0.002', venueWindow: 10_000 }),
  });
  house.audited = false; // a thousand accounts after each of three thousand entries; once at the end is enough
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '2000000', source: 'EXTERNAL' });
  house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: '500000' });
  house.send({
    type: 'SetDisposalPolicy',
    currency: 'USD',
    interval: 86_400_000,
    fraction: '1',
    fullBelow: '0',
    maximumShareOfDepth: '1',
    slippage: '0.05',
  });
  for (let i = 0; i < 20; i++) openAccount(house, `m${i}`, '90000000');
  const random = randomOf(41);
  const clients = Array.from({ length: ACCOUNTS }, (_, i): Client => {
    const lots = BigInt(random.between(10, 300));
    return { id: `c${i}`, lots, deposit: (lots * 500_000n * BigInt(random.between(50, 600))) / 1000n };
  });
  for (const [i, { id, lots, deposit }] of clients.entries()) {
    openAccount(house, id, `${deposit / 100n}.${String(deposit % 100n).padStart(2, '0')}`);
    trade(house, id, `m${i % 20}`, `${lots / 10n}.${lots % 10n}`, '50000');
  }
  return { house, clients };
}

/** What a report of the day says, from the events alone. */
function reportOf(events: readonly Event[]) {
  const layers = ofType(events, 'LossAllocated').flatMap(({ cases }) => cases.flatMap((each) => each.layers));
  const used = (name: string): bigint =>
    layers.filter(({ layer }) => layer === name).reduce((sum, layer) => sum + layer.used, 0n);
  return {
    liquidated: ofType(events, 'LiquidationStarted').length,
    bankrupt: ofType(events, 'LiquidationEnded').filter(({ outcome }) => outcome === 'BANKRUPT').length,
    fundDraw: used('INSURANCE_FUND'),
    capitalDraw: used('HOUSE_CAPITAL'),
    socialized: used('SOCIALIZED_LOSS'),
    unallocated: used('UNALLOCATED'),
  };
}

/** The same by hand: what each account has after a fall of 15,000 a contract against 35,000 x 2.5 %. */
function expectedOf(clients: readonly Client[]) {
  const after = clients.map(({ lots, deposit }) => ({
    equity: deposit - lots * 150_000n,
    maintenance: (lots * 350_000n) / 40n,
  }));
  const missing = after.reduce((sum, { equity }) => (equity < 0n ? sum - equity : sum), 0n);
  return {
    liquidated: after.filter(({ equity, maintenance }) => equity * 3n < maintenance * 2n).length,
    bankrupt: after.filter(({ equity }) => equity < 0n).length,
    fundDraw: FUND,
    capitalDraw: CAPITAL,
    socialized: missing - FUND - CAPITAL,
    unallocated: 0n,
  };
}

describe('B3-4 a gap of 30 % through a thousand accounts', () => {
  const { house, clients } = crowd();
  const before = house.entries.length;
  const gap = mark(house, '35000');
  audit(house.state);

  test('B3-4 the report counts what a calculation by hand does: liquidated, bankrupt, fund draw, socialized', () => {
    const report = reportOf(gap);
    expect(report).toEqual(expectedOf(clients));
    expect(report.liquidated).toBeGreaterThan(300);
    expect(report.socialized).toBeGreaterThan(0n);
  });

  test('B3-4 it is one entry of the journal, and what follows ends in a bounded number of steps', () => {
    expect(house.entries.length - before).toBe(1);
    const after = house.pass('12h');
    expect(house.state.liquidations.size).toBe(0);
    expect(house.state.calls.size).toBe(0);
    audit(house.state);
    // No more entries than accounts that were alive and being closed, with an order every ten seconds for each.
    expect(house.entries.length - before).toBeLessThan(12 * 360 + 10);
    expect(ofType(after, 'LossAllocated')).toEqual([]);
  });

  test('LE-3 the most under-margined of them were liquidated first', () => {
    const order = ofType(gap, 'LiquidationStarted').map(({ equity, maintenance }) => ({ equity, maintenance }));
    const sorted = order.every((next, i) => {
      const last = order[i - 1];
      // Rounded to cents in the event: equal up to that.
      return (
        !last || last.equity * next.maintenance <= next.equity * last.maintenance + next.maintenance + last.maintenance
      );
    });
    expect(sorted).toBe(true);
  });

  test('SL-3 nobody was put below maintenance margin by the levy, and nobody owes anything', () => {
    for (let i = 0; i < 20; i++) {
      const { equity, maintenance } = healthOf(house.state, `m${i}`);
      expect(equity >= maintenance).toBe(true);
    }
    for (const { id } of clients)
      expect(house.state.book.balance(id, 'USD') >= 0n || house.state.book.position(id, 'BTC-PERP') !== undefined).toBe(
        true,
      );
  });

  test('B3-4 LE-2 DS-1 the journal applied, and the commands executed anew, give the same events and the same digest', () => {
    const applied = createState();
    for (const entry of house.entries) applyEntry(applied, entry);
    const digest = digestOf(house.state);
    expect(digestOf(applied)).toBe(digest);

    const executed = createState();
    const differing = house.entries.filter((entry: Entry) => {
      const { outcome, ...envelope } = entry;
      return (
        JSON.stringify(eventsOf(execute(executed, envelope)), textOf) !== JSON.stringify(eventsOf(outcome), textOf)
      );
    });
    expect(differing).toEqual([]);
    expect(digestOf(executed)).toBe(digest);
  });
});

const textOf = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);
