/** What was written under old names is read under those of today.  Ruling 24, DS-1 */

import { digestOf } from '../../../src/core/engine/digest';
import { RENAMED_FIELDS } from '../../../src/core/kind/renamed';
import { written } from '../../../src/core/kind/write';
import type { Command } from '../../../src/core/message/command';
import { presentCommand, presentRejection } from '../../../src/core/message/renamed';
import { AUCTION_POLICY } from '../../../src/core/model/auction';
import { createMemoryJournal } from '../../../src/journal/memory';
import { recover, verify } from '../../../src/sequencer/recover';
import { linesOf } from '../../support/earlier';

const ALL = Object.entries(Object.assign({}, ...Object.values(RENAMED_FIELDS)) as Record<string, string>);

/** A line as it would have been written under the names of today, or under old ones. */
const renamed = (line: string, names: readonly (readonly [string, string])[]): string =>
  names.reduce((text, [from, to]) => text.replaceAll(`"${from}":`, `"${to}":`), line);

async function stateOf(lines: readonly string[]) {
  const journal = createMemoryJournal();
  await journal.append(lines);
  const { state } = await recover(journal);
  return { state, journal };
}

test('a journal of an earlier version under old names gives the same digest as the same journal under new ones', async () => {
  const lines = linesOf(1, 'auction');
  const today = lines.map((line) => renamed(line, ALL));
  expect(today).not.toEqual(lines);
  const [old, present] = [await stateOf(lines), await stateOf(today)];
  expect(digestOf(old.state)).toBe(digestOf(present.state));
  expect([...old.state.auctionPolicies.values()][0]?.resetReward).toBeGreaterThanOrEqual(0n);
  expect((await verify(old.journal)).digest).toBe((await verify(present.journal)).digest);
});

const OLD = {
  type: 'SetAuctionPolicy',
  currency: 'USD',
  form: 'DUTCH',
  curve: { shape: 'STAIRSTEP', cut: '0.99', step: 60_000 },
  startMultiplier: '1.2',
  ...{ tail: 60_000, cusp: '0.5', rounds: 2, tip: '1', chip: '0.01', dust: '22' },
} as unknown as Command;

test('a command under old names is read with all its fields, and no other is touched', () => {
  const present = presentCommand(OLD);
  expect(present).toEqual({
    type: 'SetAuctionPolicy',
    currency: 'USD',
    form: 'DUTCH',
    curve: { shape: 'STAIRSTEP', stepFactor: '0.99', step: 60_000 },
    startMultiplier: '1.2',
    ...{ roundDuration: 60_000, priceFloorShare: '0.5', rounds: 2 },
    ...{ resetReward: '1', resetRewardRate: '0.01', minimumDebt: '22' },
  });
  expect(presentCommand(present)).toEqual(present);
  const other = { type: 'AdvanceTime', tail: 1 } as unknown as Command;
  expect(presentCommand(other)).toBe(other);
  const refused = { code: 'CURVE_INVALID', details: { field: 'cut' } } as const;
  expect(presentRejection('SetAuctionPolicy', refused).details).toEqual({ field: 'stepFactor' });
  expect(presentRejection('AdvanceTime', refused)).toBe(refused);
});

test('a row that was written under old names is shown', () => {
  const shown = written(
    AUCTION_POLICY,
    { currency: 'USD', tip: '150', cusp: '0', curve: { shape: 'EXPONENTIAL', cut: '0' } },
    2,
  );
  expect(shown).toEqual({
    currency: 'USD',
    resetReward: '1.50',
    priceFloorShare: '0',
    curve: { shape: 'EXPONENTIAL', stepFactor: '0' },
  });
});
