/**
 * Clients of a member in default: moved whole with consent, or closed out from their own collateral when the time is
 * up.
 */

import { admit, brokerOf, declare, openDefault, threeMembers } from '../../../support/defaults';
import { mark, openAccount, tradeOf } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { fill, openOrders, sizeOf, statusOf } from '../../../support/liquidation';

const offer = (house: TestHouse, toMember = 'n', accounts: string[] | null = null) =>
  house.send({ type: 'PortClients', default: openDefault(house, 'm').id, accounts, toMember });
const portOf = (house: TestHouse): string => [...house.state.portOffers.keys()].at(-1) ?? '';
const accept = (house: TestHouse, member = 'n') =>
  house.send({ type: 'AcceptPort', port: portOf(house) }, brokerOf(member));
const memberOf = (house: TestHouse, id: string): string | undefined => house.state.book.account(id)?.member;

describe('porting', () => {
  test(
    'LCS-2 ruling 17 clients move whole: positions, collateral, an open call with its deadline; only their ' +
      'member changes',
    () => {
      const house = threeMembers();
      mark(house, '41000');
      const call = house.state.calls.get(house.state.callOf.get('c1') ?? '');
      declare(house, 'm');
      const before = ['c1', 'c2'].map((id) => heldBy(house, id));
      offer(house);
      accept(house);
      expect([memberOf(house, 'c1'), memberOf(house, 'c2')]).toEqual(['n', 'n']);
      expect(['c1', 'c2'].map((id) => house.state.book.account(id)?.owner)).toEqual(['c1', 'c2']);
      expect(['c1', 'c2'].map((id) => heldBy(house, id))).toEqual(before);
      expect(house.state.calls.get(call?.id ?? '')).toEqual(call);
      expect(house.state.portOffers.size).toBe(0);
      // At the new member they trade again.
      house.send(tradeOf('c2', 'maker', '1', '41000'));
      // The deadline of the call is the one it had.
      expect(ofType(house.pass('1h'), 'MarginCallExpired').map(({ account }) => account)).toEqual(['c1']);
    },
  );

  test('an offer may be for some; who refuses leaves them where they are; who does not answer in time as well', () => {
    const house = threeMembers();
    declare(house, 'm');
    offer(house, 'n', ['c2', 'c2']);
    expect(house.refusal({ type: 'AcceptPort', port: portOf(house) }, brokerOf('o'))).toBe('PORT_NOT_FOUND');
    expect(house.refusal({ type: 'AcceptPort', port: portOf(house) })).toBe('PORT_NOT_FOUND');
    house.send({ type: 'DeclinePort', port: portOf(house), reason: 'too large' }, brokerOf('n'));
    expect([memberOf(house, 'c2'), house.state.portOffers.size]).toEqual(['m', 0]);
    offer(house, 'o', ['c2']);
    const late = portOf(house);
    expect(ofType(house.pass('4h'), 'PortEnded')).toMatchObject([{ port: late, outcome: 'EXPIRED' }]);
    expect(house.refusal({ type: 'AcceptPort', port: late }, brokerOf('o'))).toBe('PORT_NOT_FOUND');
    offer(house, 'o', ['c2']);
    accept(house, 'o');
    expect([memberOf(house, 'c1'), memberOf(house, 'c2')]).toEqual(['m', 'o']);
  });

  test('is refused to itself, to a suspended member, and of accounts that are not its clients', () => {
    const house = threeMembers();
    const { id } = declare(house, 'm');
    const port = (toMember: string, accounts: string[] | null = null, of = id) =>
      house.refusal({ type: 'PortClients', default: of, accounts, toMember });
    expect(port('n', null, 'mdef_none')).toBe('DEFAULT_NOT_FOUND');
    expect(port('nobody')).toBe('MEMBER_NOT_FOUND');
    expect(port('m')).toBe('SAME_MEMBER');
    house.send({ type: 'SuspendMember', member: 'o', reason: 'x' });
    expect(port('o')).toBe('MEMBER_SUSPENDED');
    for (const account of ['maker', 'm-own', 'nobody']) expect(port('n', [account])).toBe('ACCOUNT_NOT_PORTABLE');
    expect(port('n', [])).toBe('ACCOUNT_NOT_PORTABLE');
    // Suspended between offer and answer, or moved by another offer.
    offer(house, 'n', ['c1']);
    const first = portOf(house);
    house.send({ type: 'SuspendMember', member: 'n', reason: 'x' });
    expect(house.refusal({ type: 'AcceptPort', port: first }, brokerOf('n'))).toBe('MEMBER_SUSPENDED');
    admit(house, 'p');
    offer(house, 'p', ['c1']);
    accept(house, 'p');
    expect(house.state.portOffers.has(first)).toBe(true);
    expect(port('p', ['c1'])).toBe('ACCOUNT_NOT_PORTABLE');
  });
});

describe('clients that did not move', () => {
  test('LCS-2 are closed out whole when the time is up, though their own margin is in order, and keep what is left', () => {
    const house = threeMembers();
    declare(house, 'm');
    offer(house, 'n', ['c2']);
    accept(house);
    const events = house.pass('48h');
    expect(ofType(events, 'DefaultPhaseChanged')).toMatchObject([{ phase: 'CLOSING', clients: ['c1'] }]);
    expect(ofType(events, 'LiquidationStarted')).toMatchObject([
      { started: { account: 'c1', cause: 'MEMBER_DEFAULT' } },
    ]);
    const [order] = openOrders(house, 'c1');
    expect(order).toMatchObject({ size: -2n, reason: 'MEMBER_DEFAULT' });
    const done = fill(house, '49990', '2', 'c1');
    expect(ofType(done, 'LiquidationEnded')).toMatchObject([{ account: 'c1', outcome: 'CLOSED_OUT' }]);
    expect([statusOf(house, 'c1'), house.balance('c1'), sizeOf(house, 'c1')]).toEqual(['HEALTHY', '19980.00', 0n]);
    // c2 moved, and nothing happened to it.
    expect([statusOf(house, 'c2'), sizeOf(house, 'c2'), house.balance('c2')]).toEqual(['HEALTHY', -1n, '20000.00']);
  });

  test('what no venue takes of them in time the house takes over at the mark', () => {
    const house = threeMembers();
    declare(house, 'm');
    house.pass('48h');
    const events = house.pass('30s');
    expect(ofType(events, 'PositionTakenOver').map(({ account }) => account)).toEqual(['c1', 'c2']);
    expect([sizeOf(house, 'c1'), sizeOf(house, 'c2'), sizeOf(house, 'close-out:USD')]).toEqual([0n, 0n, 1n]);
    // At the mark: what stood behind their positions is still theirs.
    expect([house.balance('c1'), house.balance('c2')]).toEqual(['20000.00', '20000.00']);
  });

  test('RLM-4 wait for a live price before anything of theirs is sold', () => {
    const house = threeMembers();
    house.pass('7d');
    expect(house.state.listings.get('BTC-PERP')?.mark?.stale).toBe(true);
    declare(house, 'm');
    const events = house.pass('48h');
    expect(ofType(events, 'DefaultPhaseChanged')).toHaveLength(1);
    expect(ofType(events, 'LiquidationPaused').map(({ account }) => account)).toEqual(['c1', 'c2']);
    expect(ofType(events, 'LiquidationOrderIssued')).toEqual([]);
    expect(ofType(mark(house, '50000'), 'LiquidationOrderIssued').map(({ issued }) => issued.account)).toEqual([
      'c1',
      'c2',
    ]);
  });

  test('cannot be moved while they are closed out; with nothing open they can', () => {
    const house = threeMembers();
    const { id } = declare(house, 'm');
    house.pass('48h');
    expect(house.refusal({ type: 'PortClients', default: id, accounts: ['c1'], toMember: 'n' })).toBe(
      'ACCOUNT_NOT_PORTABLE',
    );
    fill(house, '50000', '2', 'c1');
    offer(house, 'n', ['c1']);
    accept(house);
    expect(memberOf(house, 'c1')).toBe('n');
  });

  test('a client called, or being liquidated already, goes on to be closed whole', () => {
    const house = threeMembers();
    openAccount(house, 'c3', '3000', { member: 'm' });
    house.send(tradeOf('c3', 'maker', '1', '50000'));
    mark(house, '48300'); // c3: equity 1,300 against 1,207
    mark(house, '48200'); // 1,200 against 1,205: called
    house.pass('1h');
    expect(statusOf(house, 'c3')).toBe('LIQUIDATING');
    expect(openOrders(house, 'c3')).toHaveLength(1);
    declare(house, 'm');
    expect(statusOf(house, 'c3')).toBe('LIQUIDATING');
  });
});

/** All an account holds and how it stands, as text. */
const heldBy = ({ state: { book } }: TestHouse, id: string): string =>
  JSON.stringify([book.stateOf(id), [...book.balances(id)], [...book.positions(id)]], (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
