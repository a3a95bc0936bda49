/**
 * Excerpts of a running house: of one durable entry, in nobody's way, and the same when they have crossed.  Rule: RMR-4
 */

import { SYSTEM } from '../../src/core/model/actor';
import { excerptOf, MOST_COPIED } from '../../src/core/trial/excerpt';
import { createTrial } from '../../src/core/trial/trial';
import { createMemoryJournal } from '../../src/journal/memory';
import { manualClock } from '../../src/sequencer/clock';
import { encodeEntry } from '../../src/sequencer/entryText';
import { unpackedExcerpt } from '../../src/sequencer/excerpts';
import { createSequencer } from '../../src/sequencer/sequencer';
import { onePerpetual, openAccount, trade } from '../support/given';
import { START } from '../support/house';

const QUESTION = { account: 'a1', prices: [{ instrument: 'BTC-PERP', price: '48600' }] };
const ASKED = { question: QUESTION, actor: SYSTEM };

async function open() {
  const given = onePerpetual({ lot: '0.1' });
  given.audited = false;
  openAccount(given, 'maker', '1000000000');
  for (let i = 0; i < MOST_COPIED - 10; i++) {
    openAccount(given, `a${i}`, '2600');
    trade(given, `a${i}`, 'maker', '1', '50000');
  }
  const journal = createMemoryJournal();
  await journal.append(given.entries.map(encodeEntry));
  const house = createSequencer({
    state: given.state,
    journal,
    clock: manualClock(START),
    surveyEveryMs: 0,
    onFatal: () => undefined,
  });
  return { house, state: given.state };
}

test('RMR-4 what crosses is what was copied, and commands that come while it is packed do not reach it', async () => {
  const { house, state } = await open();
  const copied = excerptOf(state, ASKED);
  if (copied.rejection) throw new Error(copied.rejection.code);
  const before = await house.digest();
  // The clock moves by a millisecond with every look at it: packing has many spells, however fast the machine is.
  let ms = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => ms++);
  let packed = false;
  const asked = house.excerpt(ASKED).finally(() => {
    packed = true;
  });
  const command = { type: 'DepositCollateral', account: 'a1', currency: 'USD', amount: '1000' } as const;
  await house.submit([{ actor: SYSTEM, key: null, command }]);
  expect(packed).toBe(false);
  const { seq, pieces, rejection } = await asked;
  clock.mockRestore();
  expect([seq, rejection]).toEqual([before.seq, null]);
  expect(unpackedExcerpt(pieces)).toEqual(copied.excerpt);
  expect((await house.excerpt(ASKED)).seq).toBe(before.seq + 1);
  await house.close();
}, 30_000);

test('RMR-4 a house made of it lives by itself: the digest of the real one stays', async () => {
  const { house } = await open();
  const before = await house.digest();
  const { pieces } = await house.excerpt(ASKED);
  for (let i = 0; i < 2; i++) {
    const trial = createTrial(unpackedExcerpt(pieces), QUESTION);
    while (trial.step());
    expect(trial.answer()).toMatchObject({ before: { status: 'HEALTHY' }, after: { status: 'CALL' } });
  }
  expect(await house.digest()).toEqual(before);
  expect(await house.excerpt({ question: { account: 'nobody' }, actor: SYSTEM })).toMatchObject({
    rejection: { code: 'ACCOUNT_NOT_FOUND' },
    pieces: [],
  });
  await house.close();
  await expect(house.excerpt(ASKED)).rejects.toMatchObject({ code: 'CLOSED' });
}, 30_000);
