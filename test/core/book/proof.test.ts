/**
 * No crossing is missed: the watch against an oracle that shares nothing with the house.  RLM-1, RLM-2, RLM-5, QC-2,
 * MT-1, MT-3, ruling 25 The full form, 100,000 accounts and 1e8 checks, is the benchmark's: it sets the variables
 * below.
 */

import { writeFileSync } from 'node:fs';
import { createTriggers } from '../../../src/core/book/screen/triggers';
import { type Proof, prove } from '../../support/proof';

const FULL = process.env['NOVATE_PROOF'];
const SMALL: readonly Proof[] = [
  { accounts: 300, contracts: 6, checks: 40_000, ties: 60, floats: false, seed: 1 },
  { accounts: 2_000, contracts: 9, checks: 400_000, ties: 100, floats: true, seed: 2 },
  // Rates that grow with size, of one side, and at the entry.  MT-6 to MT-8
  { accounts: 300, contracts: 6, checks: 40_000, ties: 20, floats: false, seed: 3, varied: true },
  // Part of it in a coin with haircuts by amount, whose price moves too.  RB-4
  { accounts: 300, contracts: 6, checks: 60_000, ties: 40, floats: false, seed: 4, coins: true },
];
const proofs: readonly Proof[] = FULL === undefined ? SMALL : [JSON.parse(FULL) as Proof];

test.each(proofs)(
  'RLM-2 RMR-1 QC-2 RB-4 ruling 25 the watch names everybody who crosses a level: %j',
  (proof) => {
    const proven = prove(proof);
    const to = process.env['NOVATE_PROOF_RESULT'];
    if (to !== undefined) writeFileSync(to, JSON.stringify(proven));
    expect(proven).toMatchObject({ missed: 0, wrong: 0 });
    // A life without crossings, ties and ends of tiers would prove nothing.
    expect(proven.ties).toBeGreaterThanOrEqual(proof.ties);
    expect(proven.crossings).toBeGreaterThan(200);
    expect(proven.kinks).toBeGreaterThan(20);
    expect(proven.reviews).toBeGreaterThan(10);
    expect(proven.risen).toBeGreaterThan(10);
    expect(proven.coinMoves).toBeGreaterThanOrEqual(proof.coins ? 100 : 0);
  },
  3_600_000,
);

test('RLM-2 the oracle finds out a watch whose triggers are met too late', () => {
  jest.isolateModules(() => {
    jest.doMock('../../../src/core/book/screen/triggers', () => ({
      ...jest.requireActual<object>('../../../src/core/book/screen/triggers'),
      createTriggers: () => late(createTriggers()),
    }));
    const { prove: proveLate } = jest.requireActual<typeof import('../../support/proof')>('../../support/proof');
    expect(proveLate(SMALL[0] as Proof).missed).toBeGreaterThan(0);
  });
});

/** Triggers that are put a thousandth further than where they belong. */
const late = (triggers: ReturnType<typeof createTriggers>): typeof triggers => ({
  ...triggers,
  place: (node, source, side, factor, at) =>
    triggers.place(node, source, side, factor + (side === 0 ? -1 : 1) * Math.abs(factor) * 0.001, at),
});
