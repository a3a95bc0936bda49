/**
 * Money through the API: collateral in and out, funds and capital, reversals, and the ledger that shows each movement.
 * Rules: IM-5, X-1
 */

import { act, carryOut, type Payload, payment, sale } from '../acts';
import { givenPerpetual, mark, openServer, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
});
beforeEach(() => mark(server, '50000'));
afterEach(async () => {
  const { conservation } = await server.get<{ conservation: { holds: boolean; currencies: object[] } }>(
    'auditor',
    '{ conservation { holds currencies { currency difference } } }',
  );
  expect(conservation).toEqual({
    holds: true,
    currencies: [
      { currency: 'BTC', difference: '0.00000000' },
      { currency: 'USD', difference: '0.00' },
    ],
  });
});
afterAll(() => server.close());

let accounts = 0;
async function fund(amount: string, more: object = {}): Promise<string> {
  const account = `broker/m${++accounts}`;
  await act(server, 'broker', 'openAccount', {
    account,
    member: 'broker',
    owner: account,
    currency: 'USD',
    policy: 'classic',
    ...more,
  });
  if (amount !== '0') await act(server, 'broker', 'depositCollateral', payment(account, amount));
  return account;
}
const balanceOf = async (account: string): Promise<string> =>
  (
    await server.get<{ account: { balances: { amount: string }[] } }>(
      'broker',
      'query ($id: ID!) { account(id: $id) { balances { amount } } }',
      { id: account },
    )
  ).account.balances[0]?.amount ?? '0.00';
const withdraw = (account: string, amount: string): Promise<Payload> =>
  act(server, 'broker', 'withdrawCollateral', payment(account, amount));
const trade = (buyer: string, seller: string, size: string): Promise<Payload> =>
  act(server, 'feed', 'submitTrade', sale(`m-${buyer}-${seller}`, buyer, seller, size));

describe('collateral', () => {
  test('IM-5 all that initial margin does not hold may leave, and not a cent more', async () => {
    const [account, other] = [await fund('3000'), await fund('3000')];
    expect((await trade(account, other, '1')).outcome).toBe('DONE');
    const { account: shown } = await server.get<{ account: object }>(
      'broker',
      'query ($id: ID!) { account(id: $id) { health { freeCollateral } } }',
      { id: account },
    );
    expect(shown).toEqual({ health: { freeCollateral: '500.00' } });
    expect((await withdraw(account, '500.01')).rejections[0]).toEqual({
      ...{ code: 'COLLATERAL_ENCUMBERED', field: 'input.amount', retriable: true },
      details: { currency: 'USD', requested: '500.01', free: '500.00' },
    });
    expect((await withdraw(account, '500')).outcome).toBe('DONE');
    expect(await balanceOf(account)).toBe('2500.00');
    expect((await withdraw(account, '0.01')).rejections[0]?.code).toBe('COLLATERAL_ENCUMBERED');
  });

  test('IM-5 gains that are not settled cannot be withdrawn, losses that are not settled hold back as much', async () => {
    const [long, short] = [await fund('3000'), await fund('3000')];
    await trade(long, short, '1');
    await mark(server, '50100');
    const { rejections } = await withdraw(long, '500');
    // Initial margin is five dollars more by now, and the gain of a hundred does not count.
    expect(rejections[0]).toMatchObject({ code: 'COLLATERAL_ENCUMBERED', details: { free: '495.00' } });
    expect((await withdraw(short, '395.01')).rejections[0]).toMatchObject({ details: { free: '395.00' } });
    expect((await withdraw(short, '395')).outcome).toBe('DONE');
  });

  test('IM-5 while a call is open nothing leaves, not even what would be free', async () => {
    const [long, short] = [await fund('2500'), await fund('100000')];
    await trade(long, short, '1');
    await mark(server, '48700');
    expect((await withdraw(long, '0.01')).rejections[0]).toMatchObject({ code: 'MARGIN_CALL_OPEN', retriable: true });
    const move = { from: long, to: short, currency: 'USD', amount: '0.01' };
    expect((await act(server, 'broker', 'transferCollateral', move)).rejections[0]?.code).toBe('OWNER_MISMATCH');
  });

  test('collateral moves between accounts of one owner, as far as it might leave', async () => {
    const from = await fund('1000');
    const to = await fund('0', { owner: from });
    const moved = await act<{ from: object; to: object }>(
      server,
      'broker',
      'transferCollateral',
      { from, to, currency: 'USD', amount: '400' },
      'from { balances { amount } } to { balances { amount } }',
    );
    expect(moved).toMatchObject({
      outcome: 'DONE',
      events: ['COLLATERAL_TRANSFERRED'],
      from: { balances: [{ amount: '600.00' }] },
      to: { balances: [{ amount: '400.00' }] },
    });
    expect(
      (await act(server, 'broker', 'transferCollateral', { from, to, currency: 'USD', amount: '600.01' })).rejections[0]
        ?.code,
    ).toBe('COLLATERAL_ENCUMBERED');
  });

  test('every movement of an account is in its ledger, the newest first, by reason', async () => {
    const account = await fund('1000');
    await withdraw(account, '1');
    const { account: shown } = await server.get<{ account: { all: { nodes: object[] }; paid: { nodes: object[] } } }>(
      'broker',
      `query ($id: ID!) { account(id: $id) { all: transfers(first: 5) { nodes { from to currency amount reason reverses
        } }
        paid: transfers(first: 5, reason: [DEPOSIT]) { nodes { amount } } } }`,
      { id: account },
    );
    const name = `account/${account}`;
    expect(shown.all.nodes).toEqual([
      { from: name, to: 'external', currency: 'USD', amount: '1.00', reason: 'WITHDRAWAL', reverses: null },
      { from: 'external', to: name, currency: 'USD', amount: '1000.00', reason: 'DEPOSIT', reverses: null },
    ]);
    expect(shown.paid.nodes).toEqual([{ amount: '1000.00' }]);
  });
});

describe('the house’s own money', () => {
  const FUND = 'currency balance target contributed withdrawn reversed';
  const fundNow = async (): Promise<object> =>
    (await server.get<{ insuranceFund: object }>('liquidator', `{ insuranceFund(currency: "USD") { ${FUND} } }`))
      .insuranceFund;

  test('capital is paid in, and a fund is filled from outside or from capital', async () => {
    const capital = await act<{ capital: object }>(
      server,
      'admin',
      'contributeHouseCapital',
      { currency: 'USD', amount: '1000' },
      'capital { name currency balance }',
    );
    expect(capital).toMatchObject({
      events: ['HOUSE_CAPITAL_CONTRIBUTED'],
      capital: { name: 'house-capital', currency: 'USD', balance: '1000.00' },
    });
    await act(server, 'officer', 'contributeToInsuranceFund', { currency: 'USD', amount: '500', source: 'EXTERNAL' });
    const filled = await act<{ fund: object }>(
      server,
      'officer',
      'contributeToInsuranceFund',
      { currency: 'USD', amount: '250', source: 'HOUSE_CAPITAL' },
      `fund { ${FUND} }`,
    );
    expect(filled.fund).toMatchObject({ balance: '750.00', contributed: '750.00', withdrawn: '0.00' });
    expect(await fundNow()).toEqual(filled.fund);
    const { ledgerAccounts } = await server.get<{ ledgerAccounts: { nodes: { name: string; balance: string }[] } }>(
      'auditor',
      '{ ledgerAccounts(first: 50, currency: "USD") { nodes { name balance } } }',
    );
    expect(ledgerAccounts.nodes).toEqual(
      expect.arrayContaining([
        { name: 'house-capital', balance: '750.00' },
        { name: 'insurance-fund', balance: '750.00' },
      ]),
    );
  });

  test('a fund is drawn from by two persons only, and shows every movement to staff', async () => {
    const withdrawal = { currency: 'USD', amount: '150', reason: 'dividend' };
    const proposed = await act<{ fund: { balance: string } }>(
      server,
      'admin',
      'withdrawFromInsuranceFund',
      withdrawal,
      'fund { balance }',
    );
    expect([proposed.events, proposed.fund.balance]).toEqual([['PROPOSAL_CREATED'], '750.00']);
    await act(server, 'officer', 'approveProposal', { proposal: proposed.proposal?.id, hash: proposed.proposal?.hash });
    expect(await fundNow()).toMatchObject({ balance: '600.00', withdrawn: '150.00' });
    const { insuranceFund, insuranceFunds } = await server.get<Record<string, { entries: object; nodes: object[] }>>(
      'officer',
      '{ insuranceFund(currency: "USD") { entries(first: 5) { nodes { amount balance reason counter } } } ' +
        'insuranceFunds(first: 5) { nodes { currency } } }',
    );
    expect(insuranceFund?.entries).toEqual({
      nodes: [
        { amount: '-150.00', balance: '600.00', reason: 'WITHDRAWAL', counter: 'external' },
        { amount: '250.00', balance: '750.00', reason: 'CONTRIBUTION', counter: 'house-capital' },
        { amount: '500.00', balance: '500.00', reason: 'CONTRIBUTION', counter: 'external' },
      ],
    });
    expect(insuranceFunds?.nodes).toContainEqual({ currency: 'USD' });
  });
});

describe('reversals', () => {
  test('DS-4 a booking is undone by one the other way that names it, by two persons, once', async () => {
    const account = await fund('0');
    const { seq } = await act(server, 'broker', 'depositCollateral', payment(account, '77'));
    const reversal = { entry: seq, place: 0, reason: 'paid in by mistake' };
    const asked = await act<{ original: object }>(
      server,
      'officer',
      'reverseTransfer',
      reversal,
      'original { seq place from to amount reason }',
    );
    expect(asked).toMatchObject({
      events: ['PROPOSAL_CREATED'],
      original: { seq, place: 0, from: 'external', to: `account/${account}`, amount: '77.00', reason: 'DEPOSIT' },
    });
    expect(await balanceOf(account)).toBe('77.00');
    await act(server, 'admin', 'approveProposal', { proposal: asked.proposal?.id, hash: asked.proposal?.hash });
    expect(await balanceOf(account)).toBe('0.00');
    const { ledgerTransfers } = await server.get<{ ledgerTransfers: object }>(
      'auditor',
      `{ ledgerTransfers(first: 1, name: "account/${account}") { nodes { from to amount reason reverses } } }`,
    );
    expect(ledgerTransfers).toEqual({
      nodes: [
        { from: `account/${account}`, to: 'external', amount: '77.00', reason: 'REVERSAL', reverses: `${seq}/0` },
      ],
    });
    expect((await act(server, 'officer', 'reverseTransfer', reversal)).rejections[0]?.code).toBe(
      'TRANSFER_NOT_REVERSIBLE',
    );
  });

  test('DS-4 what was settled at a price is not undone', async () => {
    const [long, short] = [await fund('10000'), await fund('10000')];
    await trade(long, short, '1');
    await mark(server, '50200');
    const closing = await act(server, 'feed', 'submitTrade', {
      ...sale(`close-${long}`, short, long, '1'),
      price: '50200',
    });
    expect(closing.outcome).toBe('DONE');
    const { rejections } = await act(server, 'officer', 'reverseTransfer', {
      entry: closing.seq,
      place: 0,
      reason: 'x',
    });
    expect(rejections[0]).toMatchObject({ code: 'TRANSFER_NOT_REVERSIBLE', details: { kind: 'REALISED' } });
  });

  test('DS-4 money that is no longer there cannot be taken back', async () => {
    const account = await fund('0');
    const { seq } = await act(server, 'broker', 'depositCollateral', payment(account, '5'));
    await withdraw(account, '4');
    expect(
      (await act(server, 'officer', 'reverseTransfer', { entry: seq, place: 0, reason: 'x' })).rejections[0]?.code,
    ).toBe('COLLATERAL_ENCUMBERED');
    await carryOut(server, 'setMarkPrice', { instrument: 'BTC-PERP', price: '50000', reason: 'the same again' });
  });
});
