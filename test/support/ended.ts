/** A house whose contracts come to their end: averaged, set by two persons, delisted, called off, and one in its window. */

import type { Command } from '../../src/core/message/command';
import { mark, onePerpetual, openAccount, trade } from './given';
import { START, type TestHouse } from './house';
import { byTwo } from './ladder';
import { defineIndex, defineOnIndex, quote } from './prices';

const HOUR = 3_600_000;

export function endedLife(): TestHouse {
  const house = onePerpetual();
  defineIndex(house, { sources: ['a'], minimumSources: 1, maximumDeviation: '0.5', heartbeat: 4 * HOUR });
  const terms = { markBand: null, heartbeat: 100 * HOUR, kind: 'FUTURE', settlementWindow: HOUR } as const;
  // The first ends at an average, the second when the index has fallen silent, the third is in its window at the end.
  const ends = [2, 8, 20].map((hours) => [`end-${hours}`, START + hours * HOUR] as const);
  for (const [instrument, expiry] of ends) defineOnIndex(house, { ...terms, instrument, expiry });
  quote(house, 'a', '50000');
  for (const [instrument] of ends) mark(house, '50000', instrument);
  for (const account of ['alice', 'bob']) openAccount(house, account, '90000');
  for (const [instrument] of ends) trade(house, 'alice', 'bob', '2', '50000', instrument);
  const delist: Command = {
    ...{ type: 'DelistInstrument', instrument: 'end-20', reason: 'a test', reduceOnlyAt: null },
    ...{ endsAt: START + 19 * HOUR, settlementWindow: HOUR },
  };
  byTwo(house, delist);
  house.pass('90m');
  quote(house, 'a', '50100');
  byTwo(house, { type: 'CancelDelisting', instrument: 'end-20', reason: 'a test' });
  house.pass('8h');
  byTwo(house, { type: 'SetSettlementPrice', instrument: 'end-8', price: '49000', reason: 'no price' });
  byTwo(house, delist);
  house.pass('8h');
  quote(house, 'a', '50500');
  house.pass('50m');
  quote(house, 'a', '50600');
  return house;
}
