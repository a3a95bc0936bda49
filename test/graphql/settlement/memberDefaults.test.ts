/**
 * The default of a member as the API tells it: who sees what, clients that move with their sight, and the ledger of it.
 * Rules: LCS-2, NE-5, B3-1
 */

import { act, carryOut, payment, sale } from '../acts';
import { FRAME, listen } from '../subscription/listen';
import { givenPerpetual, type KeyName, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;
let id = '';
const OWN = { kind: 'HOUSE', currency: 'USD', policy: 'classic', mode: 'CROSS', instrument: null } as const;

beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await server.send({ type: 'OpenAccount', account: 'own', member: 'broker', owner: 'own', ...OWN });
  await pay(server, 'own', '30000');
  await openAccount(server, 'ivy', 'rival');
  await pay(server, 'ivy', '1000000');
  for (const account of ['alice', 'bob']) await pay(server, account, '10000');
  await trade(server, 'own', 'ivy', '10');
  await trade(server, 'alice', 'ivy', '1');
  await server.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: '90000' });
});
afterAll(() => server.close());

const show = <Data>(key: KeyName, document: string): Promise<Data> => server.get<Data>(key, document, { id });

const MEMBER = '{ member(id: "broker") { status reason since } }';

test('LCS-2 a member is suspended by one, and its broker is told why', async () => {
  const answer = await act(server, 'officer', 'suspendMember', { member: 'broker', reason: 'late' });
  expect(answer).toMatchObject({ outcome: 'DONE', proposal: null, events: ['MEMBER_STATUS_CHANGED'] });
  expect(await show('broker', MEMBER)).toEqual({
    member: { status: 'SUSPENDED', reason: 'late', since: expect.any(String) },
  });
  expect(await act(server, 'broker', 'withdrawCollateral', payment('bob', '1'))).toMatchObject({
    rejections: [{ code: 'MEMBER_SUSPENDED' }],
  });
  expect(await act(server, 'feed', 'submitTrade', sale('s1', 'bob', 'ivy', '0.1'))).toMatchObject({
    rejections: [{ code: 'MEMBER_SUSPENDED', details: { member: 'broker', status: 'SUSPENDED' } }],
  });
  expect(
    (await act(server, 'officer', 'reinstateMember', { member: 'broker', reason: 'paid' })).proposal,
  ).not.toBeNull();
});

test('NE-5 declared by two, the default is seen by every member, and its inside by staff and the member', async () => {
  const listener = await listen<{ type: string; memberId: string; phase: string | null }>(
    server.socket('rival'),
    `subscription { memberDefaults { ${FRAME} type memberId phase outcome defaultId portId } }`,
  ).opened();
  await mark(server, '47000');
  await carryOut(server, 'declareDefault', { member: 'broker', reason: 'did not pay' });
  const { memberDefaults } = await server.get<{ memberDefaults: { nodes: { id: string }[] } }>(
    'liquidator',
    '{ memberDefaults(status: [OPEN], first: 5) { nodes { id } } }',
  );
  id = memberDefaults.nodes[0]?.id ?? '';
  const document =
    'query ($id: ID!) { memberDefault(id: $id) { memberId status phase reason books { currency netted accounts { ' +
    'account collateral result } positions { instrument size mark value } } } }';
  const outside = {
    memberDefault: { memberId: 'broker', status: 'OPEN', phase: 'PORTING', reason: null, books: null },
  };
  for (const key of ['rival', 'feed', 'liquidator'] as const) expect(await show(key, document)).toEqual(outside);
  const books = [
    {
      currency: 'USD',
      netted: '0.00',
      accounts: [{ account: 'own', collateral: '30000.00', result: '-30000.00' }],
      positions: [{ instrument: 'BTC-PERP', size: '10.0', mark: '47000.0', value: '470000.00' }],
    },
  ];
  const inside = { memberDefault: { ...outside.memberDefault, reason: 'did not pay', books } };
  for (const key of ['officer', 'auditor', 'broker', 'reader'] as const)
    expect(await show(key, document)).toEqual(inside);
  await listener.have(1);
  // How the member stands and what was netted is not for others.
  expect(listener.events.map(({ type, memberId }) => [type, memberId])).toEqual([['DEFAULT_DECLARED', 'broker']]);
  listener.stop();
});

test('LCS-2 clients move by consent of who takes them, and with them who sees them', async () => {
  const heard = await listen<{ type: string; portId: string }>(
    server.socket('rival'),
    `subscription { memberDefaults { ${FRAME} type portId port { accounts holdings { id } } } }`,
  ).opened();
  const offer = await act(server, 'officer', 'portClients', { default: id, accounts: ['alice'], toMember: 'rival' });
  expect(offer.events).toEqual(['PORT_OFFERED']);
  const [message] = await heard.have(1);
  expect(message).toMatchObject({ type: 'PORT_OFFERED', port: { accounts: ['alice'], holdings: [{ id: 'alice' }] } });
  const port = message?.portId ?? '';
  const offers = (key: KeyName) =>
    server.get<object>(
      key,
      '{ portOffers(status: [OPEN], first: 5) { nodes { fromMember toMember accounts holdings { status balances { ' +
        'amount } positions { size } } } } }',
    );
  const waiting = {
    ...{ fromMember: 'broker', toMember: 'rival', accounts: ['alice'] },
    holdings: [{ status: 'HEALTHY', balances: [{ amount: '10000.00' }], positions: [{ size: '1.0' }] }],
  };
  for (const key of ['rival', 'broker', 'auditor'] as const)
    expect(await offers(key)).toEqual({ portOffers: { nodes: [waiting] } });
  const account = '{ account(id: "alice") { memberId balances { amount } } }';
  expect(await server.get('rival', account)).toEqual({ account: null });
  expect(await act(server, 'broker', 'acceptPort', { port })).toMatchObject({
    rejections: [{ code: 'PORT_NOT_FOUND' }],
  });
  expect((await act(server, 'rival', 'acceptPort', { port })).events).toEqual(['CLIENTS_PORTED']);
  expect(await server.get('rival', account)).toEqual({
    account: { memberId: 'rival', balances: [{ amount: '10000.00' }] },
  });
  expect(await server.get('broker', account)).toEqual({ account: null });
  expect(await server.get('broker', '{ positions(account: "alice", first: 5) { totalCount } }')).toEqual({
    positions: { totalCount: 0 },
  });
  expect(await act(server, 'broker', 'depositCollateral', payment('alice', '1'))).toMatchObject({
    rejections: [{ code: 'ACCOUNT_NOT_FOUND' }],
  });
  expect((await act(server, 'rival', 'depositCollateral', payment('alice', '1'))).outcome).toBe('DONE');
  expect(
    await server.get('rival', '{ member(id: "rival") { id } accounts(member: "rival", first: 9) { totalCount } }'),
  ).toEqual({
    member: { id: 'rival' },
    accounts: { totalCount: 3 },
  });
  await heard.have(2);
  heard.stop();
});

test('B3-1 its ledger tells every unit, and sums to zero when it is settled', async () => {
  const order = { default: id, instrument: 'BTC-PERP', side: 'SELL', size: '10' };
  const proposed = await act(server, 'officer', 'hedgeDefault', order);
  expect(proposed.proposal).not.toBeNull();
  await carryOut(server, 'closeDefaultPosition', order);
  const { liquidationOrders } = await server.get<{ liquidationOrders: { nodes: { id: string }[] } }>(
    'feed',
    '{ liquidationOrders(status: [OPEN], first: 1) { nodes { id reason } } }',
  );
  const fill = { order: liquidationOrders.nodes[0]?.id, trade: 'f1', counterparty: 'ivy', price: '46000', size: '10' };
  expect((await act(server, 'feed', 'reportLiquidationFill', fill)).outcome).toBe('DONE');
  await carryOut(server, 'chargeDefaultCost', { default: id, currency: 'USD', amount: '12.34', reason: 'counsel' });
  await carryOut(server, 'settleDefault', { default: id, currency: 'USD' });
  const { memberDefault } = await show<{ memberDefault: { books: { sums: { amount: string }[] }[] } }>(
    'auditor',
    `query ($id: ID!) { memberDefault(id: $id) { books { result seized borne returned sums { kind amount }
       lines(first: 20) { nodes { kind amount about } } } } }`,
  );
  expect(memberDefault.books).toEqual([
    {
      ...{ result: '-40012.34', seized: '30000.00', borne: '10012.34', returned: '0.00' },
      sums: [
        { kind: 'CLOSING', amount: '-10000.00' },
        { kind: 'COST', amount: '-12.34' },
        { kind: 'LAYER', amount: '10012.34' },
        { kind: 'PORTFOLIO', amount: '-30000.00' },
        { kind: 'SEIZED', amount: '30000.00' },
      ],
      lines: {
        nodes: [
          { kind: 'SEIZED', amount: '30000.00', about: null },
          { kind: 'PORTFOLIO', amount: '-30000.00', about: null },
          { kind: 'CLOSING', amount: '-10000.00', about: fill.order },
          { kind: 'COST', amount: '-12.34', about: 'counsel' },
          { kind: 'LAYER', amount: '10012.34', about: expect.any(String) },
        ],
      },
    },
  ]);
  const cents = memberDefault.books.flatMap(({ sums }) => sums.map(({ amount }) => BigInt(amount.replace('.', ''))));
  expect(cents.reduce((sum, next) => sum + next, 0n)).toBe(0n);
});

test('closed, the member has left; a client that did not move keeps what it has and may go', async () => {
  expect(
    await act(server, 'officer', 'closeDefault', { default: 'mdef_none', outcome: 'TERMINATED', reason: 'x' }),
  ).toMatchObject({
    rejections: [{ code: 'DEFAULT_NOT_FOUND' }],
  });
  await server.pass('48h');
  await carryOut(server, 'closeDefault', { default: id, outcome: 'TERMINATED', reason: 'done' });
  expect(
    await show(
      'broker',
      'query ($id: ID!) { memberDefault(id: $id) { status phase closedReason closingAt settledAt closedAt } }',
    ),
  ).toEqual({
    memberDefault: {
      ...{ status: 'TERMINATED', phase: 'SETTLED', closedReason: 'done' },
      ...{ closingAt: expect.any(String), settledAt: expect.any(String), closedAt: expect.any(String) },
    },
  });
  expect(await show('broker', MEMBER)).toMatchObject({ member: { status: 'TERMINATED' } });
  expect((await act(server, 'broker', 'withdrawCollateral', payment('bob', '10000'))).outcome).toBe('DONE');
  expect(server.faults).toEqual([]);
});

test('X-6 a default policy is versioned, and set by two', async () => {
  const policy = {
    currency: 'USD',
    portingWindow: '1h',
    acceptWindow: '10m',
    orderWindow: '30s',
    aloneUpTo: '500',
    minimumLots: 4,
  };
  expect((await act(server, 'admin', 'setDefaultPolicy', { ...policy, minimumLots: 0 })).rejections[0]?.code).toBe(
    'VALUE_OUT_OF_RANGE',
  );
  await carryOut(server, 'setDefaultPolicy', policy);
  expect(
    await server.get(
      'feed',
      '{ defaultPolicies(first: 5) { nodes { currency version portingWindow aloneUpTo minimumLots } } }',
    ),
  ).toEqual({
    defaultPolicies: {
      nodes: [{ currency: 'USD', version: 2, portingWindow: '1h', aloneUpTo: '500.00', minimumLots: 4 }],
    },
  });
});
