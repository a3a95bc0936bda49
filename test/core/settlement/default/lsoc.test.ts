/**
 * Legally segregated, operationally commingled: whatever becomes of a member and of its other clients, a client ends
 * with what its own collateral and its own positions come to, and never pays for anybody else.  Rules: LCS-2, B3-2
 */

import fc from 'fast-check';
import { unrealisedOf } from '../../../../src/core/position/value';
import { admit, brokerOf, declare, openDefault, openHouse } from '../../../support/defaults';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, trade } from '../../../support/given';
import type { TestHouse } from '../../../support/house';

const clients = fc.array(
  fc.record({
    deposit: fc.integer({ min: 6000, max: 60_000 }),
    lots: fc.integer({ min: -2, max: 2 }),
    moves: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);
const lives = fc.record({
  clients,
  own: fc.integer({ min: -4, max: 4 }),
  margin: fc.integer({ min: 15_000, max: 80_000 }),
  price: fc.integer({ min: 30_000, max: 70_000 }),
  fund: fc.integer({ min: 0, max: 20_000 }),
});
type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

/** What an account would have if it closed at the mark: at least nothing. */
function worthOf(house: TestHouse, id: string): bigint {
  const { book, listings } = house.state;
  const [held] = [...book.positions(id)];
  const listing = listings.get('BTC-PERP');
  const gained = held && listing?.mark ? unrealisedOf(listing.instrument, held[1], listing.mark.price) : 0n;
  const worth = book.balance(id, 'USD') + gained;
  return worth < 0n ? 0n : worth;
}

function begin({ clients: given, own, margin, fund }: Life): TestHouse {
  const house = onePerpetual({ lot: '1', tick: '1', tiers: flatTiers('0.05', '0.025'), policy: classicPolicy() });
  admit(house, 'm', 'n');
  house.send({
    type: 'SetDefaultPolicy',
    currency: 'USD',
    portingWindow: 60_000,
    acceptWindow: 60_000,
    orderWindow: 30_000,
    aloneUpTo: '0',
    minimumLots: 4,
  });
  const layers = ['DEFAULTER_MARGIN', 'INSURANCE_FUND', 'HOUSE_CAPITAL'] as const;
  house.send({
    type: 'SetLossPolicy',
    currency: 'USD',
    layers: [...layers],
    base: 'GAINS',
    period: 86_400_000,
    fundTarget: '0',
  });
  if (fund > 0)
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: String(fund), source: 'EXTERNAL' });
  openAccount(house, 'maker', '900000000', { member: 'n' });
  openHouse(house, 'own', 'm', String(margin));
  const take = (id: string, lots: number): void => {
    if (lots > 0) trade(house, id, 'maker', String(lots), '50000');
    if (lots < 0) trade(house, 'maker', id, String(-lots), '50000');
  };
  for (const [i, { deposit, lots }] of given.entries()) {
    openAccount(house, `c${i}`, String(deposit), { member: 'm' });
    take(`c${i}`, lots);
  }
  take('own', own);
  return house;
}

test('LCS-2 B3-2 in random defaults every client ends with what its own account comes to, to the unit', () => {
  fc.assert(
    fc.property(lives, (life) => {
      const house = begin(life);
      const ids = life.clients.map((_, i) => `c${i}`);
      mark(house, String(life.price));
      // Called, cut or bankrupt by the price itself: that is their own doing, and what they are worth from here is
      // theirs.
      const worth = new Map(ids.map((id) => [id, worthOf(house, id)]));
      const calm = ids.filter((id) => ['HEALTHY', 'WARNING'].includes(house.state.book.stateOf(id).status));
      declare(house, 'm');
      const moving = calm.filter((id) => life.clients[Number(id.slice(1))]?.moves);
      if (moving.length > 0) {
        house.send({ type: 'PortClients', default: openDefault(house, 'm').id, accounts: moving, toMember: 'n' });
        house.send({ type: 'AcceptPort', port: [...house.state.portOffers.keys()][0] ?? '' }, brokerOf('n'));
      }
      house.pass('1m');
      house.pass('1m');
      for (const id of calm) expect([id, worthOf(house, id)]).toEqual([id, worth.get(id)]);
      for (const id of calm.filter((one) => !moving.includes(one)))
        expect(house.state.book.position(id, 'BTC-PERP')?.size ?? 0n).toBe(0n);
      // Nobody of them is below nothing, and no layer took a thing from any of them.
      for (const id of ids) expect(house.state.book.balance(id, 'USD') >= 0n || moving.includes(id)).toBe(true);
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('LCS-2 Control, an own account that answers for a client is one account with it: there the client pays', () => {
  // The same two positions in one account: the loss of one takes the collateral of the other.
  const house = onePerpetual({ lot: '1', tick: '1', tiers: flatTiers('0.05', '0.025'), policy: classicPolicy() });
  admit(house, 'n');
  openAccount(house, 'maker', '900000000', { member: 'n' });
  openAccount(house, 'omnibus', '20000');
  trade(house, 'omnibus', 'maker', '4', '50000');
  mark(house, '44000');
  expect(worthOf(house, 'omnibus')).toBe(0n);
});
