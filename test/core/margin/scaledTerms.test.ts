/** Terms of rates that rise with open interest: bounds, second persons, and reviews that end. */

import { explainAccount } from '../../../src/core/margin/explain';
import { healthOf } from '../../../src/core/margin/health';
import { curveOfListing } from '../../../src/core/margin/model/models';
import { eventsOf } from '../../../src/core/message/envelope';
import type { Actor } from '../../../src/core/model/actor';
import { definePerpetual, mark, onePerpetual, trade } from '../../support/given';
import { HOUR, house, MILLION, millions, type SetOpenInterestScaling, scaling, TIERS } from '../../support/scaled';
import { expectReplays, expectTwins, restored } from '../../support/twin';

const off: SetOpenInterestScaling = { type: 'SetOpenInterestScaling', instrument: 'BTC-PERP', ramp: null };

test('ruling 25 terms are read, bounded, and refused before anything is written', () => {
  const made = house();
  const refused = (fields: Partial<NonNullable<SetOpenInterestScaling['ramp']>>, instrument = 'BTC-PERP'): string => {
    const base = { lowerCap: '1', upperCap: '2', interval: HOUR };
    return made.refusal({ type: 'SetOpenInterestScaling', instrument, ramp: { ...base, ...fields } });
  };
  expect(refused({}, 'NONE')).toBe('INSTRUMENT_NOT_FOUND');
  expect(refused({ lowerCap: '0.001' })).toBe('TOO_MANY_DIGITS');
  expect(refused({ upperCap: '0.001' })).toBe('TOO_MANY_DIGITS');
  for (const fields of [
    { lowerCap: '-1' },
    { upperCap: '1' },
    { upperCap: '0.99' },
    { interval: 59_999 },
    { interval: 86_400_001 },
  ])
    expect(refused(fields)).toBe('VALUE_OUT_OF_RANGE');
  expect(made.state.listings.get('BTC-PERP')?.scaling?.terms.version).toBe(1);
});

const officer = (id: string): Actor => ({ id, role: 'RISK_OFFICER', member: null });

test('X-6 one person raises what new risk needs, two lower it', () => {
  const made = house();
  const needsTwo = (command: SetOpenInterestScaling): boolean => {
    const outcome = made.try(command, officer('o1'));
    return eventsOf(outcome).some(({ type }) => type === 'ProposalCreated');
  };
  const [low, high] = [10 * MILLION, 50 * MILLION];
  expect(needsTwo(scaling(low - 1, high))).toBe(false);
  expect(needsTwo(scaling(low - 1, high - 1))).toBe(false);
  expect(needsTwo(scaling(low - 1, high - 1, HOUR / 2))).toBe(false);
  // What one field tightens does not pay for what another loosens.
  expect(needsTwo(scaling(low, high - 2))).toBe(true);
  expect(needsTwo(scaling(low - 2, high))).toBe(true);
  expect(needsTwo(scaling(low - 2, high - 2))).toBe(true);
  expect(needsTwo(off)).toBe(true);
  expect(made.state.listings.get('BTC-PERP')?.scaling?.terms.version).toBe(4);
  definePerpetual(made, 'ETH-PERP');
  expect(needsTwo(scaling(1, 2, HOUR, 'ETH-PERP'))).toBe(false);
});

test('ruling 25 switched off, rates are those of the tiers, and nothing is reviewed any more', () => {
  const made = house();
  trade(made, 'a', 'b', '600', '50000');
  made.pass('1h');
  made.send(off, officer('o1'));
  const [proposal] = made.state.proposals.values();
  made.send({ type: 'ApproveProposal', proposal: proposal?.id ?? '', hash: proposal?.hash ?? '' }, officer('o2'));
  expect(healthOf(made.state, 'a').opening).toBe(millions(6));
  expect(made.pass('2h')).toEqual([]);
  expect(explainAccount(made.state, 'a').openingLines).toEqual(explainAccount(made.state, 'a').initialLines);
});

test(
  'DS-1 a journal with reviews is read and executed again to the same state, and a snapshot goes on as the ' +
    'house does',
  () => {
    const made = house();
    trade(made, 'a', 'b', '600', '50000');
    made.pass('90m');
    const again = restored(made.state);
    expectTwins(again, made.state);
    expect(healthOf(again, 'a')).toEqual(healthOf(made.state, 'a'));
    made.send(scaling(5 * MILLION, 40 * MILLION, HOUR / 2));
    made.pass('5h');
    expectReplays(made.state, made.entries);
  },
);

test('ruling 25 reviews end with the contract', () => {
  const made = onePerpetual();
  const expiry = made.now + 5 * HOUR;
  made.send({
    type: 'DefineInstrument',
    instrument: 'FUT',
    kind: 'FUTURE',
    base: 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: '1',
    lot: '1',
    multiplier: '1',
    index: null,
    markMethod: 'VENUE',
    markBand: null,
    priceBand: null,
    heartbeat: 24 * HOUR,
    expiry,
    ...{ allowsNonPositivePrice: false, variationInterval: null, makerFee: '0', takerFee: '0' },
  });
  made.send({ type: 'SetTierSchedule', instrument: 'FUT', tiers: TIERS, effectiveAt: null });
  mark(made, '100', 'FUT');
  made.send(scaling(1, 2, HOUR, 'FUT'));
  made.pass('6h');
  expect(made.state.listings.get('FUT')).toMatchObject({ status: 'EXPIRED', scaling: { due: null } });
  expect(made.pass('3h')).toEqual([]);
  expect(made.refusal(scaling(1, 2, HOUR, 'FUT'))).toBe('INSTRUMENT_NOT_TRADING');
  expectReplays(made.state, made.entries);
  expectTwins(restored(made.state), made.state);
});

test('RLM-2 ruling 25 a review wakes nobody: the watch stands on the tiers', () => {
  const made = house();
  trade(made, 'a', 'b', '600', '50000');
  mark(made, '50001');
  const curve = () => {
    const listing = made.state.listings.get('BTC-PERP');
    if (!listing) throw new Error('No listing');
    return curveOfListing(listing);
  };
  const [before, { looks }] = [curve(), made.state.watch.counts];
  made.pass('1h');
  expect(curve()).toBe(before);
  expect(made.state.watch.counts.looks).toBe(looks);
});
