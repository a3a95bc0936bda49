/**
 * Whole portfolios at auction through the API: what bidders are shown, a take, a premium of the fund, and the stream.
 * Rules: CA-5, LI-1
 */

import { act, carryOut, type Payload } from '../acts';
import { FRAME, listen } from '../subscription/listen';
import { givenPerpetual, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';

const POLICY = {
  ...{ currency: 'USD', start: '1', cutoff: '0.8', fast: '10m', slow: '2h', reserveShare: '0.5' },
  ...{ window: '1h', insolventWindow: '10m' },
};

let server: TestServer;

/** Alice has fallen to 11,000 of 12,500, nobody paid, and the first rung of the ladder is the auction. */
beforeAll(async () => {
  server = await openServer({ limits: { heartbeatMs: 200 } });
  await givenPerpetual(server, [{ feeRate: '0.005' }]);
  await openAccount(server, 'ivy', 'rival');
  await pay(server, 'ivy', '1000000');
  await mark(server, '52000');
  await pay(server, 'alice', '31000');
  await pay(server, 'bob', '9000000');
  await trade(server, 'alice', 'bob', '10', '52000');
  await act(server, 'officer', 'contributeToInsuranceFund', { currency: 'USD', amount: '50000', source: 'EXTERNAL' });
  await carryOut(server, 'setPortfolioPolicy', POLICY);
  await carryOut(server, 'setDisposalLadder', { currency: 'USD', rungs: [{ method: 'AUCTION' }, { method: 'HOUSE' }] });
  await mark(server, '50000');
  await server.pass('1h');
});
afterAll(() => server.close());

interface Shown {
  readonly id: string;
  readonly version: number;
  readonly mode: string;
  readonly quote: {
    readonly value: string;
    readonly price: string;
    readonly share: string;
    readonly premium: string;
  } | null;
}

const shownAt = (
  time: string,
): string => `id version mode status accountId liquidationId sold takeCount proceeds fairValue recovery fundPaid
  timeLeft quote(time: "${time}") { value price share premium positions { instrumentId size } }`;
const open = async (): Promise<Shown> => {
  const read = await server.get<{ portfolioAuctions: { nodes: Shown[] } }>(
    'liquidator',
    `{ portfolioAuctions(status: [OPEN], currency: "USD", first: 5) { nodes { ` +
      `${shownAt(new Date(server.clock.now()).toISOString())} } } }`,
  );
  const [shown] = read.portfolioAuctions.nodes;
  if (!shown) throw new Error('No portfolio is at auction');
  return shown;
};
const take = (key: 'rival' | 'liquidator' | 'broker', fields: object): Promise<Payload> =>
  act(server, key, 'takePortfolio', { account: 'ivy', ...fields }) as Promise<Payload>;

test('CA-5 bidders see value, price and what is for sale, not whose it is; its own broker does', async () => {
  expect(await open()).toMatchObject({
    mode: 'SOLVENT',
    status: 'OPEN',
    version: 1,
    accountId: null,
    liquidationId: null,
    sold: '0',
    takeCount: 0,
    recovery: null,
    quote: {
      value: '11000.00',
      price: '11000.00',
      share: '0.15',
      premium: '0.00',
      positions: [{ instrumentId: 'BTC-PERP', size: '1.5' }],
    },
  });
  await server.pass('10m');
  expect((await open()).quote).toMatchObject({ price: '8800.00', share: '0.2', premium: '440.00' });
  const { portfolioAuctions } = await server.get<{ portfolioAuctions: { nodes: object[] } }>(
    'broker',
    '{ portfolioAuctions(account: "alice", first: 5) { nodes { accountId } } }',
  );
  expect(portfolioAuctions.nodes).toEqual([{ accountId: 'alice' }]);
});

test("CA-5 LI-1 a liquidator's key takes for the account that names it, and for no other; the stream tells", async () => {
  const { id, version } = await open();
  const heard = await listen<{ type: string; auctionId: string; auction: { status: string } | null }>(
    server.socket('liquidator'),
    `subscription { portfolioAuctions(currency: "USD") { ${FRAME} type auctionId auction { status } } }`,
  ).opened();
  expect((await take('liquidator', { auction: id, version, limit: '8800' })).rejections[0]?.code).toBe(
    'ACCOUNT_NOT_FOUND',
  );
  await act(server, 'rival', 'registerLiquidator', { account: 'ivy', deposit: '100', operator: 'liquidator' });
  expect((await take('liquidator', { auction: id, version, limit: '8799.99' })).rejections[0]?.code).toBe(
    'PRICE_ABOVE_LIMIT',
  );
  expect((await take('liquidator', { auction: id, version: 9, limit: '8800' })).rejections[0]?.code).toBe(
    'AUCTION_CHANGED',
  );
  expect((await take('broker', { auction: id, version, limit: '8800', account: 'alice' })).rejections[0]?.code).toBe(
    'BIDDER_RELATED',
  );
  expect((await take('liquidator', { auction: id, version, limit: '8800', share: '0.1' })).outcome).toBe('DONE');
  const told = await heard.have(1);
  expect(told).toMatchObject([{ type: 'PORTFOLIO_TAKEN', auctionId: id, auction: { status: 'OPEN' } }]);
  heard.stop();
  expect(await open()).toMatchObject({
    version: 2,
    takeCount: 1,
    sold: '0.1',
    proceeds: '880.00',
    fairValue: '1100.00',
    recovery: '0.8',
  });
  const { portfolioAuction } = await server.get<{ portfolioAuction: { takes: { nodes: object[] } } }>(
    'auditor',
    `{ portfolioAuction(id: "${id}") { takes(first: 5) { nodes { takerId share value price premium } } } }`,
  );
  expect(portfolioAuction.takes.nodes).toEqual([
    { takerId: 'ivy', share: '0.1', value: '11000.00', price: '8800.00', premium: '220.00' },
  ]);
});

test('CA-5 worth less than nothing it is taken for a premium of the fund, and the rest of the loss goes its way', async () => {
  await mark(server, '48000');
  await server.pass('5m');
  const shown = await open();
  expect(shown).toMatchObject({ mode: 'INSOLVENT', quote: { share: '1' } });
  expect([shown.quote?.value.startsWith('-'), shown.quote?.price.startsWith('-')]).toEqual([true, true]);
  const taken = await act(
    server,
    'rival',
    'takePortfolio',
    { auction: shown.id, account: 'ivy', version: shown.version, limit: '0' },
    'auction { status fundPaid sold } take { premium share }',
  );
  expect(taken).toMatchObject({
    outcome: 'DONE',
    auction: { status: 'TAKEN', sold: '1' },
    take: { share: '1', premium: shown.quote?.premium },
  });
  const { insuranceFund } = await server.get<{ insuranceFund: Record<string, string> }>(
    'auditor',
    '{ insuranceFund(currency: "USD") { balance paid withdrawn } }',
  );
  // The premium, and the loss that was left, both paid; nothing was withdrawn.
  expect(insuranceFund).toMatchObject({ withdrawn: '0.00', paid: expect.stringMatching(/^[1-9]/) });
  const { conservation } = await server.get<{ conservation: { holds: boolean } }>(
    'auditor',
    '{ conservation { holds } }',
  );
  expect(conservation.holds).toBe(true);
});

test('X-6 the policy is read in every version', async () => {
  const { portfolioPolicies } = await server.get<{ portfolioPolicies: { nodes: object[] } }>(
    'auditor',
    '{ portfolioPolicies(currency: "USD", first: 5) { nodes { version start cutoff fast slow reserveShare window ' +
      'insolventWindow } } }',
  );
  expect(portfolioPolicies.nodes).toMatchObject([{ version: 1, start: '1', cutoff: '0.8', reserveShare: '0.5' }]);
});
