/**
 * A broker cannot tell an account of another member from one that is not there: the same answer, to the letter.  Rule:
 *
 */

import { getNamedType, isInputObjectType } from 'graphql';
import { policiesOf } from '../../../src/graphql/access/policy';
import { schema } from '../../../src/graphql/schema';
import { FUND_POLICY } from '../../support/waterfall';
import { carryOut } from '../acts';
import { rootFields } from '../documents';
import { givenPerpetual, type KeyName, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';
import { QUESTIONS, type Sort } from './questions';

/** Root fields that name something, but nothing that belongs to anybody. */
const PUBLIC = new Set(
  (
    'backstopPool coverage coverages defaultFund defaultFundPolicies insurancePool withdrawalGate ' +
    'collateralTerms currency disposalPolicies insuranceFund instrument liquidationOrders lossPolicies ' +
    'marginPolicies markPrices ' +
    'priceIndex tierSchedules scheduledChange openInterestScalings memberDefault memberDefaults defaultPolicies ' +
    'fundingPolicies fundingRates priceGuards settlementSamples venues ' +
    'deleveraging deleveragingPolicies deleveragings marketLimits auction auctions auctionPolicies disposalLadders ' +
    'portfolioAuction portfolioAuctions portfolioPolicies'
  ).split(' '),
);

let server: TestServer;
const theirs = new Map<Sort, string>();

beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  for (const account of ['ivy', 'moe', 'zoe']) await openAccount(server, account, 'rival');
  for (const account of ['ivy', 'alice', 'bob']) await pay(server, account, '1000000');
  for (const account of ['moe', 'zoe']) await pay(server, account, '25000');
  await pay(server, 'eve', '30000');
  await trade(server, 'zoe', 'ivy', '10');
  await mark(server, '47000');
  await server.pass('1m');
  await mark(server, '50000');
  await trade(server, 'eve', 'ivy', '10');
  await trade(server, 'moe', 'ivy', '10');
  await server.send({ type: 'SubmitFundingRate', instrument: 'BTC-PERP', rate: '0.0001' });
  const order = {
    order: 'order-of-ivy',
    account: 'ivy',
    instrument: 'BTC-PERP',
    side: 'SELL',
    size: '1',
    price: '50000',
  } as const;
  await server.send({ type: 'PlaceOrder', ...order });
  await mark(server, '48000');
  const [proposed] = await server.send({ ...FUND_POLICY, floor: '100' });
  if (proposed?.type === 'ProposalCreated') {
    const { id: proposal, hash } = proposed.created;
    await server.send(
      { type: 'ApproveProposal', proposal, hash },
      { id: 'second', role: 'RISK_OFFICER', member: null },
    );
  }
  await server.send({ type: 'ComputeCoverage', currency: 'USD' });
  await server.send({ type: 'ContributeToBackstopPool', account: 'ivy', amount: '100' });
  await server.send({ type: 'RegisterLiquidator', account: 'ivy', deposit: '100', operator: null });
  await server.send({
    type: 'RegisterBackstopProvider',
    account: 'ivy',
    instrument: null,
    capacity: '1',
    discount: '0.1',
  });
  const found = await server.get<Record<string, { nodes: { id: string }[] }>>(
    'admin',
    `{ trades(account: "moe", first: 1) { nodes { id } } marginCalls(account: "eve", first: 1) { nodes { id } }
       liquidations(account: "moe", first: 1) { nodes { id } } liquidationOrders(status: [OPEN], last: 1) { nodes { id
       } }
       lossCases(account: "zoe", first: 1) { nodes { id } }
       defaultFundCalls(member: "rival", first: 1) { nodes { id } } }`,
  );
  const id = (list: string): string => found[list]?.nodes[0]?.id ?? `no ${list}`;
  theirs
    .set('account', 'ivy')
    .set('owner', 'ivy')
    .set('member', 'rival')
    .set('order', 'order-of-ivy')
    .set('trade', id('trades'));
  theirs.set('called', 'eve').set('liquidated', 'moe').set('defaulted', 'zoe');
  theirs
    .set('call', id('marginCalls'))
    .set('liquidation', id('liquidations'))
    .set('liquidationOrder', id('liquidationOrders'));
  await server.send({ type: 'DisputeLiquidation', liquidation: id('liquidations'), reason: 'no' });
  await offerClients();
  theirs
    .set('default', id('lossCases'))
    .set('fundCall', id('defaultFundCalls'))
    .set('contributor', 'ivy')
    .set('nodeOfAccount', nodeOfAccount('ivy'));
});
afterAll(() => server.close());

/** Two clients of a member in default are offered to the other member. */
async function offerClients(): Promise<void> {
  await server.send({ type: 'AdmitMember', member: 'falling', name: 'Falling' });
  for (const account of ['left', 'right']) await openAccount(server, account, 'falling');
  await carryOut(server, 'declareDefault', { member: 'falling', reason: 'gone' });
  const { memberDefaults } = await server.get<{ memberDefaults: { nodes: { id: string }[] } }>(
    'admin',
    '{ memberDefaults(first: 1) { nodes { id } } }',
  );
  const found = memberDefaults.nodes[0]?.id ?? 'no default';
  theirs.set('memberDefault', found);
  for (const [account, sort] of [
    ['left', 'offer'],
    ['right', 'otherOffer'],
  ] as const) {
    const events = await server.send({ type: 'PortClients', default: found, accounts: [account], toMember: 'rival' });
    const [offered] = events.flatMap((event) => (event.type === 'PortOffered' ? [event.offered.id] : []));
    theirs.set(sort, offered ?? 'no offer');
  }
}

test('the other member has one of everything that is asked about', () => {
  expect([...theirs.values()].filter((id) => id.startsWith('no '))).toEqual([]);
});

let asked = 0;
/** The whole answer but for what it cost, with the id that was asked for taken out. */
async function answerTo(key: KeyName, document: string, id: string): Promise<string> {
  const { status, data, errors } = await server.ask<unknown>(key, document, { id, key: `asked-${++asked}` });
  return JSON.stringify({ status, data, errors }).replaceAll(`"${id}"`, '"ID"').replaceAll(`\\"${id}\\"`, '\\"ID\\"');
}

const nodeOfAccount = (account: string): string =>
  Buffer.from(JSON.stringify(['Account', account])).toString('base64url');

const missing = (sort: Sort): string =>
  sort === 'nodeOfAccount' ? nodeOfAccount('nothing-at-all') : sort === 'member' ? 'nobody' : 'nothing-at-all';
const readsOnly = (document: string): boolean => document.startsWith('query');

describe('a question about something of another member', () => {
  test.each(QUESTIONS)('X-5 $field by $sort: $document', async ({ sort, document }) => {
    const id = theirs.get(sort) as string;
    for (const key of readsOnly(document) ? (['broker', 'reader'] as const) : (['broker'] as const)) {
      expect(await answerTo(key, document, id)).toBe(await answerTo(key, document, missing(sort)));
    }
    expect(server.faults).toEqual([]);
  });

  test('X-5 all of them changed nothing of the other member', async () => {
    const { account } = await server.get<{ account: object }>(
      'rival',
      '{ account(id: "ivy") { status balances { amount } orders(first: 5) { totalCount } } }',
    );
    expect(account).toEqual({
      status: 'HEALTHY',
      balances: [{ amount: expect.any(String) }],
      orders: { totalCount: 1 },
    });
    const { accounts } = await server.get<{ accounts: { totalCount: number } }>(
      'admin',
      '{ accounts(member: "rival", first: 1) { totalCount } }',
    );
    expect(accounts.totalCount).toBe(4);
  });

  // The control: to its own member every one of these questions gets another answer than one about nothing.
  test.each(
    QUESTIONS.filter(({ field }) => field !== 'openAccount' && field !== 'transferCollateral' && field !== 'bidForLot'),
  )('asked by its own member it is answered otherwise: $field by $sort', async ({ sort, document }) => {
    expect(await answerTo('rival', document, theirs.get(sort) as string)).not.toBe(
      await answerTo('rival', document, missing(sort)),
    );
  });
});

describe('what a broker sees of its own shows nothing of the other side', () => {
  test('X-5 the other side of a trade is null, and each broker sees its own', async () => {
    await trade(server, 'bob', 'ivy', '0.1', '48000');
    const document = '{ trades(first: 1) { nodes { buyerId sellerId size } } }';
    const size = '0.1';
    expect(await server.get('broker', document)).toEqual({
      trades: { nodes: [{ buyerId: 'bob', sellerId: null, size }] },
    });
    expect(await server.get('rival', document)).toEqual({
      trades: { nodes: [{ buyerId: null, sellerId: 'ivy', size }] },
    });
    expect(await server.get('auditor', document)).toEqual({
      trades: { nodes: [{ buyerId: 'bob', sellerId: 'ivy', size }] },
    });
  });

  test('X-5 who filled a liquidation is not shown to the broker of the account, nor the account to the venue', async () => {
    const order = theirs.get('liquidationOrder') as string;
    const filled = await server.get<{ reportLiquidationFill: { outcome: string; order: object } }>(
      'feed',
      `mutation ($order: ID!) { reportLiquidationFill(input: { order: $order, trade: "f1", counterparty: "bob", price:
        "48000", size: "0.1",
        idempotencyKey: "f1" }) { outcome order { accountId liquidationId filled } } }`,
      { order },
    );
    expect(filled.reportLiquidationFill).toEqual({
      outcome: 'DONE',
      order: { accountId: null, liquidationId: theirs.get('liquidation'), filled: '-0.1' },
    });
    const fills =
      '{ liquidations(account: "moe", first: 1) { nodes { fills(first: 5) { nodes { accountId counterpartyId size ' +
      '} } } } }';
    const shown = (counterpartyId: string | null): object => ({
      liquidations: { nodes: [{ fills: { nodes: [{ accountId: 'moe', counterpartyId, size: '-0.1' }] } }] },
    });
    expect(await server.get('rival', fills)).toEqual(shown(null));
    expect(await server.get('officer', fills)).toEqual(shown('bob'));
  });

  test('X-5 lists without a filter hold what is in sight and no more', async () => {
    const document = `{ accounts(first: 50) { nodes { memberId } } members(first: 50) { nodes { id } } positions(first:
      50) { nodes { accountId } }
      marginCalls(first: 50) { nodes { accountId } } liquidations(first: 50) { nodes { accountId } }
      liquidationOrders(first: 50) { nodes { accountId } } lossCases(first: 50) { nodes { accountId } } }`;
    const seen = async (key: KeyName): Promise<string[]> => {
      const lists = await server.get<Record<string, { nodes: Record<string, string>[] }>>(key, document);
      return [
        ...new Set(Object.values(lists).flatMap(({ nodes }) => nodes.flatMap((node) => Object.values(node)))),
      ].sort();
    };
    expect(await seen('broker')).toEqual(['bob', 'broker']);
    expect(await seen('reader')).toEqual(['bob', 'broker']);
    expect(await seen('rival')).toEqual(['eve', 'ivy', 'moe', 'rival', 'zoe']);
    expect(await seen('auditor')).toEqual(
      expect.arrayContaining(['bob', 'broker', 'close-out:USD', 'eve', 'rival', 'zoe']),
    );
  });
});

test('X-5 every field open to brokers that names anything is among the questions', () => {
  const policies = policiesOf(schema());
  const open = (['query', 'mutation'] as const).flatMap((kind) =>
    rootFields(kind)
      .filter(({ field }) =>
        policies.get(`${kind === 'query' ? 'Query' : 'Mutation'}.${field.name}`)?.includes('BROKER'),
      )
      .filter(({ field }) => field.args.some(({ type }) => namesAnything(type))),
  );
  const names = open.map(({ field }) => field.name).filter((name) => !PUBLIC.has(name));
  expect(names.sort()).toEqual([...new Set(QUESTIONS.map(({ field }) => field))].sort());
});

function namesAnything(type: Parameters<typeof getNamedType>[0]): boolean {
  const named = getNamedType(type);
  if (isInputObjectType(named))
    return Object.values(named.getFields()).some(
      (field) => field.name !== 'idempotencyKey' && namesAnything(field.type),
    );
  return named?.name === 'ID';
}
