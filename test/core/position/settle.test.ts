/** Settlement runs: both ways, sum zero, once, and provable by anybody.  DS-2, DS-3, LCS-3 */

import { createHash } from 'node:crypto';
import { execute } from '../../../src/core/engine/execute';
import { eventsOf } from '../../../src/core/message/envelope';
import type { EventOf } from '../../../src/core/message/event';
import { SYSTEM } from '../../../src/core/model/actor';
import { duration, later } from '../../../src/units/quantity';
import { mark, onePerpetual, openAccount, trade } from '../../support/given';
import { ofType, START, type TestHouse, typesOf } from '../../support/house';
import { leveragedHouse, usd } from '../../support/ladder';
import { defineOnIndex } from '../../support/prices';

const HOUR = 3_600_000;
type Run = EventOf<'VariationSettled' | 'FundingSettled' | 'InstrumentExpired'>;

const runsOf = (house: TestHouse): Run[] =>
  house.entries.flatMap((entry) => eventsOf(entry.outcome)).filter((event): event is Run => 'run' in event);

/** Three holders, variation hourly. */
function threeHolders(): TestHouse {
  const house = onePerpetual({ interval: HOUR });
  for (const id of ['alice', 'bob', 'cy']) openAccount(house, id, '1000000');
  trade(house, 'alice', 'bob', '3', '50000');
  trade(house, 'cy', 'bob', '1.1', '50010.5');
  return house;
}

describe('variation margin', () => {
  test('LCS-3 at the interval gains and losses change hands at the mark, in one run whose lines sum to zero', () => {
    const house = threeHolders();
    mark(house, '50100');
    expect(house.balance('alice')).toBe('1000000.00');
    const [settled] = ofType(house.pass('1h'), 'VariationSettled');
    expect(settled).toMatchObject({
      instrument: 'BTC-PERP',
      currency: 'USD',
      price: 501_000n,
      lines: [
        { account: 'alice', amount: usd('300.00') },
        { account: 'bob', amount: usd('-398.45') },
        { account: 'cy', amount: usd('98.45') },
      ],
      nextDue: START + 2 * HOUR,
    });
    expect([house.balance('alice'), house.balance('bob'), house.balance('cy')]).toEqual([
      '1000300.00',
      '999601.55',
      '1000098.45',
    ]);
    expect(house.state.ledger.get('variation/BTC-PERP USD')).toBe(
      -[...house.state.book.accountIds()].reduce(
        (sum, id) => sum + (house.state.book.position(id, 'BTC-PERP')?.cost ?? 0n),
        0n,
      ) || undefined,
    );
  });

  test('LCS-3 a finished cycle settled again moves nothing: everybody is worth the mark and owes nothing', () => {
    const house = threeHolders();
    mark(house, '50100');
    house.pass('1h');
    const [again] = ofType(house.pass('1h'), 'VariationSettled');
    expect(again?.lines.map(({ amount }) => amount)).toEqual([0n, 0n, 0n]);
  });

  test('LCS-3 settlements fall on whole multiples of the interval, and one missed is made up once', () => {
    const house = onePerpetual({ interval: 8 * HOUR });
    openAccount(house, 'alice', '1000000');
    openAccount(house, 'bob', '1000000');
    trade(house, 'alice', 'bob', '3', '50000');
    expect(house.state.listings.get('BTC-PERP')?.variationDue).toBe(Date.parse('2025-10-10T16:00:00Z'));
    expect(ofType(house.pass('4h'), 'VariationSettled')).toHaveLength(1);
    // Told the time only after three more were due, the house settles once and goes on from the multiple ahead.
    const late = {
      seq: house.state.seq + 1,
      at: later(house.now, duration(27 * HOUR)),
      actor: SYSTEM,
      key: null,
      command: { type: 'AdvanceTime' },
    } as const;
    const settled = ofType(eventsOf(execute(house.state, late)), 'VariationSettled');
    expect(settled).toMatchObject([{ nextDue: Date.parse('2025-10-12T00:00:00Z') }]);
  });

  test('LCS-3 without an interval every mark settles', () => {
    const house = leveragedHouse({ interval: null });
    expect(typesOf(mark(house, '49900'))).toContain('VariationSettled');
    expect(house.balance('alice')).toBe('24000.00');
    expect(typesOf(house.pass('30d')).filter((type) => type === 'VariationSettled')).toEqual([]);
  });
});

describe('DS-2 the proof of a run', () => {
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
  interface Held {
    readonly account: string;
    readonly size: bigint;
    readonly cost: bigint;
  }

  /**
   * What an outsider computes from exported data alone: price, tick value, positions before, and the hash of the run
   * before.
   */
  function verify(run: Run, tickValue: bigint, held: readonly Held[], previous: string | null): void {
    const inputs = sha(
      [
        `${run.instrument}\t${run.price}\t${tickValue}`,
        ...held.map(({ account, size, cost }) => `${account}\t${size}\t${cost}`),
      ]
        .map((line) => `${line}\n`)
        .join(''),
    );
    const lines = held.map(({ account, size, cost }) => ({ account, amount: size * run.price * tickValue - cost }));
    const outputs = sha(lines.map(({ account, amount }) => `${account}\t${amount}\n`).join(''));
    expect(run.run).toEqual({
      inputs,
      outputs,
      previous,
      rule: run.run.rule,
      hash: sha(`${run.run.rule}\n${previous ?? ''}\n${inputs}\n${outputs}\n`),
    });
    if (run.type !== 'FundingSettled') expect(run.lines).toEqual(lines);
  }

  const heldIn = (house: TestHouse): Held[] =>
    [...house.state.book.accountIds()]
      .map((account) => ({ account, position: house.state.book.position(account, 'BTC-PERP') }))
      .flatMap(({ account, position }) =>
        position && position.size !== 0n
          ? [{ account, size: position.size as bigint, cost: position.cost as bigint }]
          : [],
      )
      .sort((a, b) => (a.account < b.account ? -1 : 1));

  test('DS-2 each run of a chain verifies from positions, price and the hash before', () => {
    const house = threeHolders();
    let previous: string | null = null;
    for (const price of ['50100', '49870.3', '50000']) {
      mark(house, price);
      const before = heldIn(house);
      const [run] = ofType(house.pass('1h'), 'VariationSettled');
      if (!run) throw new Error('Nothing was settled');
      verify(run, 1n, before, previous);
      expect(run.run.rule).toBe('variation/1');
      previous = run.run.hash;
    }
    expect(house.state.listings.get('BTC-PERP')?.lastRun).toBe(previous);
    // The chain is one per instrument: funding and variation follow each other in it.
    const [funding] = ofType(
      house.send({ type: 'SubmitFundingRate', instrument: 'BTC-PERP', rate: '0.0001' }),
      'FundingSettled',
    );
    expect(funding?.run).toMatchObject({ previous, rule: 'funding/1 100000000' });
  });

  test('DS-2 a forged line, position, price or order of runs does not verify', () => {
    const house = threeHolders();
    mark(house, '50100');
    const before = heldIn(house);
    const [run] = ofType(house.pass('1h'), 'VariationSettled');
    if (!run) throw new Error('Nothing was settled');
    const [first, ...rest] = before;
    if (!first) throw new Error('Nobody holds');
    expect(() => verify(run, 1n, [{ ...first, cost: first.cost + 1n }, ...rest], null)).toThrow();
    expect(() => verify({ ...run, price: (run.price + 1n) as typeof run.price }, 1n, before, null)).toThrow();
    expect(() => verify(run, 1n, before, 'x')).toThrow();
    expect(() =>
      verify(
        { ...run, lines: run.lines.map((line) => ({ ...line, amount: (line.amount + 1n) as typeof line.amount })) },
        1n,
        before,
        null,
      ),
    ).toThrow();
  });
});

describe('expiry', () => {
  /** A future on nothing but its venue, that ends in an hour. */
  function dated(heartbeat = 2 * HOUR): TestHouse {
    const house = onePerpetual();
    defineOnIndex(house, {
      instrument: 'BTC-FUT',
      kind: 'FUTURE',
      index: null,
      markBand: null,
      heartbeat,
      expiry: START + HOUR,
      variationInterval: 365 * 24 * HOUR,
    });
    mark(house, '50000', 'BTC-FUT');
    for (const id of ['alice', 'bob']) openAccount(house, id, '30000');
    trade(house, 'alice', 'bob', '10', '50000', 'BTC-FUT');
    return house;
  }

  test('LCS-3 at its last instant, not before, everybody is paid out at the last mark and holds nothing; orders go', () => {
    const house = dated();
    house.send({
      type: 'PlaceOrder',
      order: 'o',
      account: 'alice',
      instrument: 'BTC-FUT',
      side: 'SELL',
      size: '1',
      price: '51000',
    });
    mark(house, '50123.4', 'BTC-FUT');
    expect(typesOf(house.pass('59m59.999s'))).toEqual([]);
    const events = house.pass('0.001s');
    expect(ofType(events, 'OrdersCancelled')).toMatchObject([{ account: 'alice', orders: ['o'], cause: 'EXPIRY' }]);
    expect(ofType(events, 'InstrumentExpired')).toMatchObject([
      {
        price: 501_234n,
        lines: [
          { account: 'alice', amount: usd('1234.00') },
          { account: 'bob', amount: usd('-1234.00') },
        ],
      },
    ]);
    expect(house.state.listings.get('BTC-FUT')?.status).toBe('EXPIRED');
    expect([house.state.book.position('alice', 'BTC-FUT')?.size, house.balance('alice'), house.balance('bob')]).toEqual(
      [0n, '31234.00', '28766.00'],
    );
    expect(() => trade(house, 'alice', 'bob', '1', '50000', 'BTC-FUT')).toThrow('INSTRUMENT_NOT_TRADING');
    expect(house.refusal({ type: 'SetInstrumentStatus', instrument: 'BTC-FUT', status: 'ACTIVE', reason: '' })).toBe(
      'INSTRUMENT_NOT_TRADING',
    );
  });

  test('DS-3 a contract expires once, however often the house is told the time', () => {
    const house = dated();
    house.pass('2h');
    house.pass('2d');
    expect(runsOf(house).filter(({ type }) => type === 'InstrumentExpired')).toHaveLength(1);
  });

  test('RLM-4 with a stale price it waits, and expires at the first live one', () => {
    const house = dated(HOUR / 2);
    expect(runsOf(house)).toEqual([]);
    house.pass('3h');
    expect(house.state.listings.get('BTC-FUT')?.status).toBe('ACTIVE');
    expect(ofType(mark(house, '50010', 'BTC-FUT'), 'InstrumentExpired')).toMatchObject([{ price: 500_100n }]);
  });

  test('B1-3 an expiry frees its margin: what was called on it is cured', () => {
    const called = dated();
    called.pass('10m');
    mark(called, '48000', 'BTC-FUT');
    expect(called.state.book.stateOf('alice').status).toBe('CALL');
    const events = called.pass('50m');
    expect(ofType(events, 'MarginCallCured')).toMatchObject([{ account: 'alice', equity: usd('10000.00') }]);
    expect(called.state.book.stateOf('alice').status).toBe('HEALTHY');
  });
});
