/**
 * Terms that change: whom they call has the full window, and is closed out by the level of before as long as the call
 * is open.  Ruling 12
 */

import fc from 'fast-check';
import { auditQuiet } from '../../../src/core/engine/survey';
import { MOST_AN_ENTRY } from '../../../src/core/margincall/backlog';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, term, trade } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { byTwo, callOf } from '../../support/ladder';
import { expectReplays } from '../../support/twin';

const HOUR = 3_600_000;

const setRates = (house: TestHouse, initial: string, maintenance: string) =>
  house.send({
    type: 'SetTierSchedule',
    instrument: 'BTC-PERP',
    tiers: flatTiers(initial, maintenance),
    effectiveAt: null,
  });

/** Rates that fall need a second person, and so do those that call a crowd. */
const setRatesByTwo = (house: TestHouse, initial: string, maintenance: string) =>
  byTwo(house, {
    type: 'SetTierSchedule',
    instrument: 'BTC-PERP',
    tiers: flatTiers(initial, maintenance),
    effectiveAt: null,
  });

const all = (house: TestHouse, type: string) =>
  house.entries
    .flatMap(({ outcome }) => ('events' in outcome ? outcome.events : []))
    .filter((event) => event.type === type);

describe('ruling 12 a change under a crowd', () => {
  const COUNT = MOST_AN_ENTRY + 300;
  const house = onePerpetual({ lot: '1' });
  house.audited = false;
  openAccount(house, 'maker', '1000000000');
  for (let i = 0; i < COUNT; i++) {
    openAccount(house, `c${i}`, '3000');
    trade(house, `c${i}`, 'maker', '1', '50000');
  }
  // 3,000 against 2/3 x 5,000 = 3,333.34: everybody would be closed out.
  const first = setRatesByTwo(house, '0.2', '0.1');
  const waiting = house.state.backlog.size;
  const priced = mark(house, '49999');
  house.pass('1ms');

  test('ruling 12 more than an entry may act on are called in turn, and nobody is closed out', () => {
    expect(ofType(first, 'MarginCallIssued')).toHaveLength(MOST_AN_ENTRY);
    expect(waiting).toBe(COUNT - MOST_AN_ENTRY);
    expect(typesOf(priced)).not.toContain('LiquidationStarted');
    expect(house.state.backlog.size).toBe(0);
    expect(house.state.calls.size).toBe(COUNT);
    expect(all(house, 'LiquidationStarted')).toEqual([]);
    auditQuiet(house.state, { exact: true });
  });

  test('ruling 12 who waited for a turn is held to the same terms', () => {
    expect(typesOf(mark(house, '49000'))).not.toContain('LiquidationStarted');
    // Held to 2.5 %: at 47,800 there are 800 left against 796.67, at 47,790 there are 790 against 796.5.
    expect(typesOf(mark(house, '47800'))).not.toContain('LiquidationStarted');
    expect(all(house, 'LiquidationStarted')).toEqual([]);
    const cut = mark(house, '47790');
    house.pass('1ms');
    expect(ofType(cut, 'LiquidationStarted')).toHaveLength(MOST_AN_ENTRY);
    expect(all(house, 'LiquidationStarted')).toHaveLength(COUNT);
  });

  test('DS-1 executed again and applied, the journal gives the same house', () =>
    expectReplays(house.state, house.entries));
});

/** Alice long one contract at 50,000. */
function given(deposit: string, initial: string, maintenance: string): TestHouse {
  const house = onePerpetual({ tiers: flatTiers(initial, maintenance) });
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', deposit);
  trade(house, 'alice', 'maker', '1', '50000');
  return house;
}

test.each([
  ['shorter', HOUR / 2],
  ['longer', 2 * HOUR],
])('ruling 12 where the change makes the window %s, the longer one of before and after holds', (_, cureWindow) => {
  const house = given('2600', '0.05', '0.025');
  const [levels, least] = [term('INITIAL', '2'), term('INITIAL', '1.5')];
  const policy = classicPolicy(
    {},
    { cureWindow, warnings: [levels], call: levels, closeOut: least, cure: levels, target: least },
  );
  // 2,600 is below the call level of 5,000, and below the close-out level of 3,750.
  if (cureWindow > HOUR) byTwo(house, policy);
  else house.send(policy);
  expect(callOf(house).deadline).toBe(house.now + Math.max(cureWindow, HOUR));
});

test('ruling 12 easier terms help an open call at once', () => {
  const called = (): TestHouse => {
    const house = given('3400', '0.06', '0.05');
    mark(house, '49000');
    return house;
  };
  // Of 48,206 two thirds of 5 % are 1,606.87, two thirds of 4.95 % are 1,590.80. She has 1,606 left.
  const [eased, control] = [called(), called()];
  setRatesByTwo(eased, '0.06', '0.0495');
  expect([eased, control].map((house) => typesOf(mark(house, '48206')).includes('LiquidationStarted'))).toEqual([
    false,
    true,
  ]);
  expect(callOf(eased).revision).toBeGreaterThan(1);
});

test(
  'ruling 12 a call names the entry from which on changes do not close it out: the change that made it, or the ' +
    'one after it',
  () => {
    const changed = given('2600', '0.05', '0.025');
    setRates(changed, '0.1', '0.08');
    expect(callOf(changed).termsBefore).toBe(changed.state.seq);
    const fallen = given('2600', '0.05', '0.025');
    mark(fallen, '48500');
    expect(callOf(fallen).termsBefore).toBe(fallen.state.seq + 1);
  },
);

/** One account, long one contract: a rate in hundredths of a percent, prices in whole units, worked out anew. */
interface Model {
  rate: number;
  price: number;
  call: { held: number; deadline: number } | null;
  ended: boolean;
}
type Act = { readonly rate: number } | { readonly price: number } | { readonly pass: number };

const CASH = 6_000;
const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    fc.record({ rate: fc.integer({ min: 100, max: 2_000 }) }),
    fc.record({ price: fc.integer({ min: 44_300, max: 51_000 }) }),
    fc.record({ pass: fc.integer({ min: 1, max: 40 }) }),
  ),
  { minLength: 1, maxLength: 14 },
);

/** What the ruling says, and nothing else: below by both rates, or out of time. */
function follow(model: Model, act: Act, now: number): void {
  const held = model.rate;
  if ('rate' in act) model.rate = act.rate;
  if ('price' in act) model.price = act.price;
  const equity = CASH + model.price - 50_000;
  const below = (rate: number, part: number): boolean => equity * 10_000 * 3 < rate * model.price * part;
  if (model.call && !below(model.rate, 3)) model.call = null;
  if (!model.call && below(model.rate, 3))
    model.call = { held: 'rate' in act ? held : model.rate, deadline: now + HOUR };
  if (!model.call) return;
  model.ended = now >= model.call.deadline || (below(model.rate, 2) && below(model.call.held, 2));
}

test(
  'ruling 12 whatever changes in whatever order, an account is closed out when both levels are crossed or its ' +
    'time is up',
  () => {
    const seen = { ended: 0, saved: 0 };
    fc.assert(
      fc.property(acts, (sequence) => {
        const house = onePerpetual({ lot: '1', tiers: flatTiers('0.1', '0.01') });
        openAccount(house, 'maker', '100000000');
        openAccount(house, 'carl', String(CASH));
        trade(house, 'carl', 'maker', '1', '50000');
        const model: Model = { rate: 100, price: 50_000, call: null, ended: false };
        for (const act of sequence) {
          if ('rate' in act)
            (act.rate < model.rate ? setRatesByTwo : setRates)(house, '0.2', (act.rate / 10_000).toFixed(4));
          else if ('price' in act) mark(house, String(act.price));
          else house.pass(`${act.pass}m`);
          follow(model, act, house.now);
          const { status } = house.state.book.stateOf('carl');
          expect(status === 'LIQUIDATING' || all(house, 'LiquidationStarted').length > 0).toBe(model.ended);
          if (model.ended) break;
          expect(status === 'CALL').toBe(model.call !== null);
          if (model.call && model.call.held < model.rate) seen.saved += 1;
        }
        if (model.ended) seen.ended += 1;
      }),
      { numRuns: 150, seed: 12 },
    );
    expect(Math.min(seen.ended, seen.saved)).toBeGreaterThan(10);
  },
);
