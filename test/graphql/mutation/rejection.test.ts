/** What the house refuses is data: a stable code, what was required and what there was, and whether to try again. */

import { act, documentOf, payment, sale } from '../acts';
import { givenPerpetual, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await pay(server, 'alice', '2499.99');
  await pay(server, 'bob', '100000');
});
afterAll(() => server.close());

test('a rejection comes with status 200 and no error, and says all there is to say', async () => {
  const { status, data, errors } = await server.ask(
    'feed',
    documentOf(
      'submitTrade',
      'outcome events trade { id } rejections { code field required available message retriable docs details { ' +
        'name value } }',
    ),
    { input: { ...sale('t', 'alice', 'bob', '1'), idempotencyKey: 'k' } },
  );
  expect({ status, errors }).toEqual({ status: 200, errors: [] });
  expect(data).toEqual({
    submitTrade: {
      outcome: 'REJECTED',
      events: [],
      trade: null,
      rejections: [
        {
          code: 'INSUFFICIENT_INITIAL_MARGIN',
          ...{ field: 'input.buyer', required: '2500.00', available: '2499.99' },
          message: 'Equity after the trade or order would be below initial margin.',
          retriable: true,
          docs: 'docs/errors.md#insufficient_initial_margin',
          details: expect.arrayContaining([
            { name: 'account', value: 'alice' },
            { name: 'currency', value: 'USD' },
            { name: 'required', value: '2500.00' },
            { name: 'available', value: '2499.99' },
          ]),
        },
      ],
    },
  });
});

test('a rejection is an entry of the journal and leaves no other trace', async () => {
  const before = await server.get(
    'auditor',
    '{ trades(first: 1) { totalCount } account(id: "alice") { balances { amount } positions(first: 1) { ' +
      'totalCount } } }',
  );
  const seq = server.house.status().seq;
  const refused = await act(server, 'feed', 'submitTrade', sale('t2', 'alice', 'bob', '1'));
  expect(refused.seq).toBe(String(seq + 1));
  const { journal } = await server.get<{ journal: object }>(
    'auditor',
    `{ journal(first: 5, from: "${seq + 1}") { nodes { seq actor commandType rejections events } } }`,
  );
  expect(journal).toEqual({
    nodes: [
      {
        seq: refused.seq,
        actor: 'feed',
        commandType: 'SubmitTrade',
        rejections: ['INSUFFICIENT_INITIAL_MARGIN'],
        events: [],
      },
    ],
  });
  expect(
    await server.get(
      'auditor',
      '{ trades(first: 1) { totalCount } account(id: "alice") { balances { amount } positions(first: 1) { ' +
        'totalCount } } }',
    ),
  ).toEqual(before);
});

test('what may succeed later is retriable, and does succeed under a new key', async () => {
  await pay(server, 'alice', '0.01');
  expect((await act(server, 'feed', 'submitTrade', sale('t2', 'alice', 'bob', '1'))).outcome).toBe('DONE');
  const never = await act(server, 'broker', 'depositCollateral', payment('alice', '0.001'));
  expect(never.rejections[0]).toEqual({
    ...{ code: 'TOO_MANY_DIGITS', field: 'input.amount' },
    retriable: false,
    details: { amount: '0.001', currency: 'USD', digits: '2' },
  });
});

test.each`
  what                                    | key         | mutation                       | input                                                                                        | code
  ${'an unknown currency'}                | ${'broker'} | ${'depositCollateral'}         | ${payment('bob', '1', 'EUR')}                                                                | ${'CURRENCY_NOT_FOUND'}
  ${'an unknown account'}                 | ${'broker'} | ${'depositCollateral'}         | ${payment('nobody', '1')}                                                                    | ${'ACCOUNT_NOT_FOUND'}
  ${'zero'}                               | ${'broker'} | ${'depositCollateral'}         | ${payment('bob', '0')}                                                                       | ${'AMOUNT_NOT_POSITIVE'}
  ${'less than zero'}                     | ${'broker'} | ${'withdrawCollateral'}        | ${payment('bob', '-1')}                                                                      | ${'AMOUNT_NOT_POSITIVE'}
  ${'collateral nobody accepts'}          | ${'broker'} | ${'depositCollateral'}         | ${payment('bob', '1', 'BTC')}                                                                | ${'COLLATERAL_NOT_ELIGIBLE'}
  ${'more than is free'}                  | ${'broker'} | ${'withdrawCollateral'}        | ${payment('bob', '97500.01')}                                                                | ${'COLLATERAL_ENCUMBERED'}
  ${'another owner'}                      | ${'broker'} | ${'transferCollateral'}        | ${{ from: 'bob', to: 'alice', currency: 'USD', amount: '1' }}                                | ${'OWNER_MISMATCH'}
  ${'the same account'}                   | ${'broker'} | ${'transferCollateral'}        | ${{ from: 'bob', to: 'bob', currency: 'USD', amount: '1' }}                                  | ${'SAME_ACCOUNT'}
  ${'an unknown instrument'}              | ${'feed'}   | ${'submitTrade'}               | ${{ ...sale('x', 'alice', 'bob', '1'), instrument: 'NONE' }}                                 | ${'INSTRUMENT_NOT_FOUND'}
  ${'a negative size'}                    | ${'feed'}   | ${'submitTrade'}               | ${sale('x', 'alice', 'bob', '-1')}                                                           | ${'SIZE_NOT_POSITIVE'}
  ${'a size of zero'}                     | ${'feed'}   | ${'submitTrade'}               | ${sale('x', 'alice', 'bob', '0')}                                                            | ${'SIZE_NOT_POSITIVE'}
  ${'half a lot'}                         | ${'feed'}   | ${'submitTrade'}               | ${sale('x', 'alice', 'bob', '0.05')}                                                         | ${'SIZE_OFF_LOT'}
  ${'a price of zero'}                    | ${'feed'}   | ${'submitTrade'}               | ${sale('x', 'alice', 'bob', '1', '0')}                                                       | ${'PRICE_NOT_POSITIVE'}
  ${'half a tick'}                        | ${'feed'}   | ${'submitTrade'}               | ${sale('x', 'alice', 'bob', '1', '50000.05')}                                                | ${'PRICE_OFF_TICK'}
  ${'an order nobody placed'}             | ${'feed'}   | ${'submitTrade'}               | ${{ ...sale('x', 'alice', 'bob', '1'), buyOrder: 'none' }}                                   | ${'ORDER_NOT_FOUND'}
  ${'an order to cancel that is none'}    | ${'broker'} | ${'cancelOrder'}               | ${{ order: 'none' }}                                                                         | ${'ORDER_NOT_FOUND'}
  ${'a call that is none'}                | ${'broker'} | ${'acknowledgeMarginCall'}     | ${{ call: 'none' }}                                                                          | ${'CALL_NOT_FOUND'}
  ${'a fill of no order'}                 | ${'feed'}   | ${'reportLiquidationFill'}     | ${{ order: 'none', trade: 'x', counterparty: 'bob', price: '1', size: '1' }}                 | ${'LIQUIDATION_ORDER_NOT_FOUND'}
  ${'a proposal that is none'}            | ${'admin'}  | ${'approveProposal'}           | ${{ proposal: 'none', hash: 'x' }}                                                           | ${'PROPOSAL_NOT_FOUND'}
  ${'a key that is none'}                 | ${'admin'}  | ${'revokeApiKey'}              | ${{ apiKey: 'none', reason: 'x' }}                                                           | ${'API_KEY_NOT_FOUND'}
  ${'a member that is there'}             | ${'admin'}  | ${'admitMember'}               | ${{ member: 'rival', name: 'x' }}                                                            | ${'ALREADY_EXISTS'}
  ${'an id with a blank'}                 | ${'admin'}  | ${'admitMember'}               | ${{ member: 'a member', name: 'x' }}                                                         | ${'ID_INVALID'}
  ${'an id of 65 characters'}             | ${'admin'}  | ${'admitMember'}               | ${{ member: 'm'.repeat(65), name: 'x' }}                                                     | ${'ID_INVALID'}
  ${'a member that is none'}              | ${'admin'}  | ${'issueApiKey'}               | ${{ role: 'BROKER', member: 'none', label: 'x' }}                                            | ${'MEMBER_NOT_FOUND'}
  ${'more than the fund holds'}           | ${'admin'}  | ${'withdrawFromInsuranceFund'} | ${{ currency: 'USD', amount: '1', reason: 'x' }}                                             | ${'INSUFFICIENT_FUNDS'}
  ${'more than the house’s capital'}      | ${'admin'}  | ${'contributeToInsuranceFund'} | ${{ currency: 'USD', amount: '1', source: 'HOUSE_CAPITAL' }}                                 | ${'INSUFFICIENT_FUNDS'}
  ${'a transfer that never was'}          | ${'admin'}  | ${'reverseTransfer'}           | ${{ entry: '1', place: 0, reason: 'x' }}                                                     | ${'TRANSFER_NOT_REVERSIBLE'}
  ${'an entry that is still to come'}     | ${'admin'}  | ${'reverseTransfer'}           | ${{ entry: '9000000', place: 0, reason: 'x' }}                                               | ${'TRANSFER_NOT_REVERSIBLE'}
  ${'an instrument to halt that is none'} | ${'admin'}  | ${'setInstrumentStatus'}       | ${{ instrument: 'NONE', status: 'HALTED', reason: 'x' }}                                     | ${'INSTRUMENT_NOT_FOUND'}
  ${'a rate with 13 digits'}              | ${'admin'}  | ${'setCollateralTerms'}        | ${{ currency: 'BTC', haircut: '0.0000000000001', conversionDiscount: '0', eligible: false }} | ${'TOO_MANY_DIGITS'}
  ${'a haircut above one'}                | ${'admin'}  | ${'setCollateralTerms'}        | ${{ currency: 'BTC', haircut: '1.1', conversionDiscount: '0', eligible: true }}              | ${'VALUE_OUT_OF_RANGE'}
`('$mutation of $what is refused as $code, and moves nothing', async ({ key, mutation, input, code }) => {
  const before = await money();
  const answer = await act(server, key, mutation, input);
  expect(answer).toMatchObject({ outcome: 'REJECTED', events: [], proposal: null, rejections: [{ code }] });
  expect(await money()).toEqual(before);
});

const money = (): Promise<unknown> =>
  server.get(
    'auditor',
    '{ conservation { currencies { currency accounts house paidIn } } positions(first: 10) { nodes { accountId ' +
      'size } } orders(first: 1) { totalCount } }',
  );
