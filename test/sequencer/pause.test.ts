/**
 * A house that was stopped for a long time meets what fell due meanwhile in parts: no append is longer than a batch.
 */

import { createState } from '../../src/core/engine/genesis';
import { SYSTEM } from '../../src/core/model/actor';
import { createMemoryJournal } from '../../src/journal/memory';
import { manualClock } from '../../src/sequencer/clock';
import { verify } from '../../src/sequencer/recover';
import { createSequencer } from '../../src/sequencer/sequencer';
import { instant } from '../../src/units/quantity';
import { onePerpetual, openAccount, pay, trade } from '../support/given';
import { START } from '../support/house';

const HOUR = 3_600_000;

/** A house whose variation margin is settled every minute, with a position, and its journal so far. */
async function stoppedHouse() {
  const house = onePerpetual({ interval: 60_000 });
  for (const account of ['a', 'b']) {
    openAccount(house, account);
    pay(house, account, '10000.00');
  }
  trade(house, 'a', 'b', '0.1', '50000');
  const appends: number[] = [];
  const journal = createMemoryJournal();
  const clock = manualClock(START);
  const append = journal.append.bind(journal);
  journal.append = (texts) => {
    appends.push(texts.length);
    return append(texts);
  };
  const sequencer = createSequencer({
    ...{ state: createState(), journal, clock, batchLimit: 100, surveyEveryMs: 0 },
    onFatal(error) {
      throw error;
    },
  });
  await sequencer.submit(
    house.entries.map(({ command, at }, i) => ({ actor: SYSTEM, command, at, key: `given ${i}` })),
  );
  appends.length = 0;
  return { sequencer, journal, clock, appends };
}

test('20 hours of minutes are met in parts, each at its own instant, before the first command', async () => {
  const { sequencer, journal, clock, appends } = await stoppedHouse();
  const before = journal.lastSeq;
  clock.set(instant(START + 20 * HOUR));
  const [answer] = await sequencer.submit([
    { actor: SYSTEM, command: { type: 'AdmitMember', member: 'late', name: 'Late' }, key: null },
  ]);
  expect(answer).toMatchObject({ at: START + 20 * HOUR });
  expect(journal.lastSeq - before).toBeGreaterThan(1_000);
  expect(Math.max(...appends)).toBeLessThanOrEqual(200);
  // Executed again, every entry is the same, and so is the state.
  const { digest } = await verify(journal);
  expect((await sequencer.digest()).digest).toBe(digest);
});
