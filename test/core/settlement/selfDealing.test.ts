/**
 * Nobody gains by dealing with itself: whatever one owner does with several accounts, however the marks move and by
 * whatever way an account is closed, in the end it has no more than it put in and what the market made of what its
 * positions did not cancel.  X-1, CA-5, LI-3
 */

import fc from 'fast-check';
import { audit } from '../../../src/core/engine/audit';
import { LAYERS, live, lives } from '../../support/selfDealer';
import { expectReplays } from '../../support/twin';

test('X-1 self-dealing while the marks move: who holds both sides takes nothing from the fund, and who does not ' +
  'pays with all its accounts first', () => {
  const seen = { bankrupt: 0, refused: 0, borne: 0, taken: 0 };
  fc.assert(
    fc.property(lives, (life) => {
      const { house, most, worth, borne, hedged, unspent, bankrupt, refused, taken } = live(life);
      seen.bankrupt += bankrupt;
      seen.refused += refused;
      if (borne > 0n) seen.borne += 1;
      if (taken > 0n) seen.taken += 1;
      // Positions that cancel out lose nothing together: no loss of theirs is anybody else's.
      expect(hedged).toBe(0n);
      // Others bear only what no account of the owner can spare.
      expect(unspent).toBe(0n);
      // And nothing comes to the owner but what is its own: what others bore left it without a debt, not with a gain.
      expect(worth <= most + borne).toBe(true);
      audit(house.state);
    }),
    { numRuns: 300 },
  );
  expect(seen.bankrupt).toBeGreaterThan(40);
  expect(seen.refused).toBeGreaterThan(0);
  expect(seen.taken).toBeGreaterThan(50);
}, 120_000);

test('X-1 control: where the fund pays first, the search finds somebody who keeps what one side won and leaves ' +
  'what the other lost', () => {
  const without = LAYERS.filter((layer) => layer !== 'OWNER_COLLATERAL');
  const found = fc.check(
    fc.property(lives, (life) => live(life, without).hedged === 0n),
    { numRuns: 150, endOnFailure: true },
  );
  expect(found.failed).toBe(true);
}, 120_000);

test('DS-1 such a life replays', () => {
  const [life] = fc.sample(lives, { numRuns: 1, seed: 4 });
  if (!life) throw new Error('No life');
  const { house } = live(life);
  expectReplays(house.state, house.entries);
});
