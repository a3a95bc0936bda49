/** A halt by one person: how long it goes on, what it lifts to, and who makes it last.  Ruling 15 */

import { mark, onePerpetual, openAccount } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { byTwo, officer } from '../../support/ladder';
import { defineOnIndex, MINUTE } from '../../support/prices';
import { lossPolicy } from '../../support/waterfall';

const HALT = { type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'HALTED', reason: 'an outage' } as const;
const halt = (house: TestHouse) => house.send(HALT, officer('first'));
const statusIn = (house: TestHouse) => house.state.listings.get('BTC-PERP')?.status;

/** Open for business: from here on some acts need a second person. */
function open(window?: number): TestHouse {
  const house = onePerpetual();
  if (window !== undefined) house.send(lossPolicy(['SOCIALIZED_LOSS'], { haltWindow: window }));
  openAccount(house, 'alice', '1000');
  return house;
}

/** Halted now, it is lifted after so long, and not a millisecond before. */
function expectLifted(house: TestHouse, span: string, to = 'ACTIVE'): void {
  const [hours] = span.split('h');
  expect(ofType(house.pass(`${Number(hours) - 1}h59m59.999s`), 'InstrumentStatusSet')).toEqual([]);
  expect(statusIn(house)).toBe('HALTED');
  expect(ofType(house.pass('1ms'), 'InstrumentStatusSet')).toMatchObject([{ status: to }]);
}

test('ruling 15 a halt by one person lifts by itself after four hours where the policy states no time', () => {
  const house = open();
  halt(house);
  expectLifted(house, '4h');
});

test('ruling 15 the policy states after how long', () => {
  const house = open(60 * MINUTE);
  halt(house);
  expectLifted(house, '1h');
});

test('ruling 15 it lifts to what held before', () => {
  const house = open();
  house.send({ ...HALT, status: 'REDUCE_ONLY' }, officer('first'));
  halt(house);
  expectLifted(house, '4h', 'REDUCE_ONLY');
});

test('ruling 15 it lifts on a live price only: with the first one after its time', () => {
  const house = open();
  const instrument = 'SLOW';
  defineOnIndex(house, { instrument, index: null, markBand: null, heartbeat: 30 * MINUTE });
  mark(house, '100', instrument);
  house.send({ ...HALT, instrument }, officer('first'));
  expect(ofType(house.pass('9h'), 'InstrumentStatusSet')).toEqual([]);
  expect(ofType(mark(house, '100', instrument), 'InstrumentStatusSet')).toMatchObject([
    { instrument, status: 'ACTIVE' },
  ]);
});

test('ruling 15 who halts again makes it no longer', () => {
  const house = open();
  halt(house);
  house.pass('1h');
  house.send(HALT, officer('second'));
  expectLifted(house, '3h');
});

test('ruling 15 a second person makes it last, and nobody alone', () => {
  const house = open();
  halt(house);
  const lasting = { ...HALT, lasting: true };
  expect(typesOf(house.send(lasting, officer('first')))).toEqual(['ProposalCreated']);
  byTwo(house, lasting);
  expect(ofType(house.pass('30h'), 'InstrumentStatusSet')).toEqual([]);
  expect(statusIn(house)).toBe('HALTED');
});
