/** Suspension and the declaration of a default: what it stops, what it takes, and what it leaves alone. */

import { SYSTEM } from '../../../../src/core/model/actor';
import { declare, openDefault, openHouse, sumsOf, takenBy, threeMembers } from '../../../support/defaults';
import { mark, openAccount, pay, trade, tradeOf } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { byTwo, officer } from '../../../support/ladder';
import { linesOf, sizeOf, statusOf } from '../../../support/liquidation';

const suspend = (house: TestHouse, member = 'm') =>
  house.send({ type: 'SuspendMember', member, reason: 'late' }, officer('first'));

describe('a suspended member', () => {
  test('LCS-2 takes no new risk and nothing leaves its accounts, by one officer at once; reducing and paying in go on', () => {
    const house = threeMembers();
    suspend(house);
    const order = {
      type: 'PlaceOrder',
      order: 'o1',
      account: 'c1',
      instrument: 'BTC-PERP',
      side: 'BUY',
      size: '1',
      price: '50000',
    } as const;
    expect(house.refusal(tradeOf('c1', 'maker', '1', '50000'))).toBe('MEMBER_SUSPENDED');
    expect(house.refusal(order)).toBe('MEMBER_SUSPENDED');
    expect(house.refusal({ type: 'WithdrawCollateral', account: 'c1', currency: 'USD', amount: '1' })).toBe(
      'MEMBER_SUSPENDED',
    );
    openAccount(house, 'n1', '10', { member: 'n', owner: 'n1' });
    expect(house.refusal({ type: 'TransferCollateral', from: 'c1', to: 'n1', currency: 'USD', amount: '1' })).toBe(
      'OWNER_MISMATCH',
    );
    expect(house.refusal({ ...openingOf('c9'), member: 'm' })).toBe('MEMBER_SUSPENDED');
    trade(house, 'maker', 'c1', '1', '50000');
    pay(house, 'c1', '5');
    expect([sizeOf(house, 'c1'), house.balance('c1')]).toEqual([1n, '20005.00']);
  });

  test('its transfers between accounts of one owner are refused as well', () => {
    const house = threeMembers();
    openAccount(house, 'c1b', undefined, { member: 'm', owner: 'c1' });
    suspend(house);
    expect(house.refusal({ type: 'TransferCollateral', from: 'c1', to: 'c1b', currency: 'USD', amount: '1' })).toBe(
      'MEMBER_SUSPENDED',
    );
  });

  test('is reinstated by two, and then trades as before', () => {
    const house = threeMembers();
    expect(house.refusal({ type: 'ReinstateMember', member: 'm', reason: 'paid' })).toBe('MEMBER_STATUS_MISMATCH');
    suspend(house);
    expect(house.refusal({ type: 'SuspendMember', member: 'm', reason: 'again' })).toBe('MEMBER_STATUS_MISMATCH');
    const [proposed] = ofType(
      house.send({ type: 'ReinstateMember', member: 'm', reason: 'paid' }, officer('first')),
      'ProposalCreated',
    );
    expect(proposed).toBeDefined();
    expect(house.refusal(tradeOf('c1', 'maker', '1', '50000'))).toBe('MEMBER_SUSPENDED');
    byTwo(house, { type: 'ReinstateMember', member: 'm', reason: 'paid' });
    trade(house, 'c1', 'maker', '1', '50000');
    expect(house.refusal({ type: 'SuspendMember', member: 'nobody', reason: 'x' })).toBe('MEMBER_NOT_FOUND');
  });
});

const openingOf = (account: string) =>
  ({
    type: 'OpenAccount',
    account,
    owner: account,
    kind: 'CLIENT',
    currency: 'USD',
    policy: 'classic',
    mode: 'CROSS',
    instrument: null,
  }) as const;

describe('a declared default', () => {
  test('B3-2 takes all the member itself holds at the mark and touches no client: theirs are as they were, to the byte', () => {
    const house = threeMembers();
    mark(house, '49000');
    const before = ['c1', 'c2', 'maker'].map((id) => recordOf(house, id));
    const found = declare(house, 'm');
    const account = takenBy(found);
    // Ten long from 50,000 have lost 10,000 by 49,000; they stand at 49,000 from here on.
    expect(sumsOf(house, 'm')).toEqual(['SEIZED 10000000 USD', 'PORTFOLIO -1000000 USD']);
    expect(house.state.book.position(account, 'BTC-PERP')).toMatchObject({ size: 10n, cost: 49_000_000n });
    expect([house.balance(account), house.balance('m-own'), sizeOf(house, 'm-own'), statusOf(house, 'm-own')]).toEqual([
      ...['90000.00', '0.00'],
      ...[0n, 'CLOSED'],
    ]);
    expect(['c1', 'c2', 'maker'].map((id) => recordOf(house, id))).toEqual(before);
  });

  test('NE-5 C09 nets what its accounts bought and sold to one position and one amount', () => {
    // A bought 300 and sold 100, B bought 50 and sold 200, C sold 50, at a price of 100: 700 gross, 400 net.
    const house = threeMembers();
    mark(house, '100');
    for (const [member, ...accounts] of [
      ['a', 'a1', 'a2'],
      ['b', 'b1', 'b2'],
      ['c', 'c'],
    ] as const) {
      house.send({ type: 'AdmitMember', member: `x${member}`, name: member });
      for (const account of accounts) openHouse(house, `x${account}`, `x${member}`, '1000000');
    }
    trade(house, 'xa1', 'xb2', '200', '100');
    trade(house, 'xa1', 'xa2', '100', '100');
    trade(house, 'xb1', 'xc', '50', '100');
    const nets = (['xa', 'xb', 'xc'] as const).map((member) => {
      const events = byTwo(house, { type: 'DeclareDefault', member, reason: 'C09' });
      const [event] = ofType(events, 'DefaultNetted');
      return [event?.nets.map(({ size, value }) => [size, value]), event?.netted.length, event?.amount];
    });
    // Values in cents: 20,000, -15,000 and -5,000; entered at the same price, nothing is owed beyond the collateral.
    expect(nets).toEqual([
      [[[200n, 2_000_000n]], 2, 200_000_000n],
      [[[-150n, -1_500_000n]], 2, 200_000_000n],
      [[[-50n, -500_000n]], 1, 100_000_000n],
    ]);
  });

  test('NE-5 a debt of one account and a credit of another become the one amount', () => {
    const house = threeMembers();
    openHouse(house, 'm-two', 'm', '50000');
    trade(house, 'maker', 'm-two', '4', '50000');
    mark(house, '48000');
    const [event] = ofType(byTwo(house, { type: 'DeclareDefault', member: 'm', reason: 'x' }), 'DefaultNetted');
    // Long ten lost 20,000, short four gained 8,000: 150,000 of collateral less 12,000, and six are left.
    expect(event).toMatchObject({
      amount: 13_800_000n,
      netted: [
        { account: 'm-own', collateral: 10_000_000n, result: -2_000_000n },
        { account: 'm-two', collateral: 5_000_000n, result: 800_000n },
      ],
      nets: [{ instrument: 'BTC-PERP', size: 6n, mark: 48_000n, value: 28_800_000n }],
    });
    expect(linesOf(event?.transfers ?? [])).toContain(
      `SEIZURE account/m-own > account/${takenBy(openDefault(house, 'm'))} 10000000`,
    );
    expect(house.balance(takenBy(openDefault(house, 'm')))).toBe('138000.00');
  });

  test(
    'cancels the open orders of all its accounts, ends calls and liquidations of its own, and keeps those of ' +
      'its clients',
    () => {
      const house = threeMembers();
      house.send({
        type: 'PlaceOrder',
        order: 'o1',
        account: 'c1',
        instrument: 'BTC-PERP',
        side: 'SELL',
        size: '1',
        price: '50000',
      });
      house.send({
        type: 'PlaceOrder',
        order: 'o2',
        account: 'm-own',
        instrument: 'BTC-PERP',
        side: 'BUY',
        size: '1',
        price: '50000',
      });
      mark(house, '41000'); // 10,000 and 2,000: both called
      expect([statusOf(house, 'm-own'), statusOf(house, 'c1')]).toEqual(['CALL', 'CALL']);
      const call = house.state.callOf.get('c1');
      const events = byTwo(house, { type: 'DeclareDefault', member: 'm', reason: 'x' });
      expect(ofType(events, 'OrdersCancelled').map(({ account, cause }) => [account, cause])).toEqual([
        ['m-own', 'MEMBER_DEFAULT'],
        ['c1', 'MEMBER_DEFAULT'],
      ]);
      expect(ofType(events, 'MarginCallSuperseded').map(({ account, cause }) => [account, cause])).toEqual([
        ['m-own', 'MEMBER_DEFAULT'],
      ]);
      expect([statusOf(house, 'm-own'), house.state.callOf.get('c1')]).toEqual(['CLOSED', call]);
    },
  );

  test('is declared by two, once, and of a member that is there', () => {
    const house = threeMembers();
    expect(
      ofType(house.send({ type: 'DeclareDefault', member: 'm', reason: 'x' }, officer('first')), 'ProposalCreated'),
    ).toHaveLength(1);
    expect(house.state.memberDefaults.size).toBe(0);
    declare(house, 'm');
    expect(house.refusal({ type: 'DeclareDefault', member: 'm', reason: 'x' })).toBe('DEFAULT_ALREADY_OPEN');
    expect(house.refusal({ type: 'DeclareDefault', member: 'nobody', reason: 'x' })).toBe('MEMBER_NOT_FOUND');
    expect(house.refusal({ type: 'ReinstateMember', member: 'm', reason: 'x' })).toBe('MEMBER_STATUS_MISMATCH');
  });

  test('its ids cannot be taken by anybody', () => {
    const house = threeMembers();
    expect(house.refusal({ ...openingOf('default:mdef:USD'), member: 'n' }, SYSTEM)).toBe('ID_INVALID');
  });
});

/** Everything the house knows of an account, as text. */
const recordOf = ({ state: { book } }: TestHouse, id: string): string =>
  JSON.stringify(
    [book.account(id), book.stateOf(id), [...book.balances(id)], [...book.positions(id)]],
    (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value),
  );
