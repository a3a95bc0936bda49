/** The default waterfall as the API tells it: fund, coverage, claims, pools and the gate.  Rules: LCS-4, SL-4, RB-2 */

import { act, carryOut } from '../acts';
import { FRAME, listen } from '../subscription/listen';
import { givenPerpetual, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await openAccount(server, 'ivy', 'rival');
  for (const account of ['bob', 'ivy']) await pay(server, account, '1000000');
  await pay(server, 'alice', '25000');
  await carryOut(server, 'setDefaultFundPolicy', {
    currency: 'USD',
    moves: [{ instrument: 'BTC-PERP', up: '0.1', down: '0.1' }],
    floor: '100',
    threshold: '1',
    feeShare: '1',
    multiple: '2',
    cappedWindow: '5d',
    coolingOffWindow: '5d',
    within: 1,
    weekend: ['SATURDAY', 'SUNDAY'],
    holidays: [],
    computedAt: '1h',
  });
  await carryOut(server, 'setLossPolicy', {
    currency: 'USD',
    layers: ['DEFAULTER_MARGIN', 'BACKSTOP_POOL', 'DEFAULT_FUND', 'ASSESSMENTS', 'SOCIALIZED_LOSS'],
    base: 'GAINS',
    period: '7d',
    fundTarget: '0',
  });
  await act(server, 'officer', 'contributeToDefaultFund', { member: 'rival', currency: 'USD', amount: '1000' });
  await act(server, 'broker', 'contributeToBackstopPool', { account: 'bob', amount: '500' });
  await trade(server, 'alice', 'bob', '6');
  await trade(server, 'alice', 'ivy', '4');
});
afterAll(() => server.close());

test(
  'RB-2 coverage can be asked for and computed: fund and pools against cover-1 and cover-2, with the ratio and ' +
    'its trend',
  async () => {
    expect((await act(server, 'officer', 'computeCoverage', { currency: 'USD' })).outcome).toBe('DONE');
    const { coverage, coverages } = await server.get<Record<string, object>>(
      'auditor',
      `{ coverage(currency: "USD") { cover1 cover2 fund pools ratio1 ratio2 short members { memberId down requirement
        contribution } }
       coverages(currency: "USD", first: 5) { totalCount } }`,
    );
    // 10 contracts fall by 5,000 each, against 25,000.
    expect(coverage).toMatchObject({
      cover1: '25000.00',
      cover2: '25000.00',
      fund: '1000.00',
      pools: '0.00',
      ratio1: '0.04',
      ratio2: '0.04',
      short: true,
    });
    expect(coverages).toEqual({ totalCount: 1 });
  },
);

test('LCS-4 the default fund tells contributions and requirements, a broker its own only, and calls to top up', async () => {
  const ask = (key: 'rival' | 'auditor') =>
    server.get<{ defaultFund: { members: { memberId: string }[] } }>(
      key,
      '{ defaultFund(currency: "USD") { total members { memberId contribution requirement } } }',
    );
  const { defaultFund: own } = await ask('rival');
  expect(own).toEqual({
    total: '1000.00',
    members: [{ memberId: 'rival', contribution: '1000.00', requirement: expect.any(String) }],
  });
  expect((await ask('auditor')).defaultFund.members.map(({ memberId }) => memberId)).toEqual(['broker', 'rival']);
  const { defaultFundCalls } = await server.get<{ defaultFundCalls: { nodes: object[] } }>(
    'broker',
    '{ defaultFundCalls(first: 5) { nodes { kind memberId status paid } } }',
  );
  expect(defaultFundCalls.nodes).toEqual([{ kind: 'REPLENISHMENT', memberId: 'broker', status: 'OPEN', paid: '0.00' }]);
});

test('SL-4 LCS-4 a default: gross loss, who paid what in which layer, what is assessed, the gate, and what comes back', async () => {
  await mark(server, '46500');
  const { lossCases } = await server.get<{ lossCases: { nodes: { id: string }[] } }>(
    'auditor',
    `{ lossCases(account: "alice", first: 1) { nodes { id loss status unallocated layers { layer used }
       claims(first: 5) { nodes { layer claimant accountId memberId base amount outstanding } } } } }`,
  );
  expect(lossCases.nodes[0]).toMatchObject({
    loss: '35000.00',
    status: 'AWAITING_ASSESSMENTS',
    unallocated: '8500.00',
    layers: [
      { layer: 'DEFAULTER_MARGIN', used: '25000.00' },
      { layer: 'BACKSTOP_POOL', used: '500.00' },
      { layer: 'DEFAULT_FUND', used: '1000.00' },
      { layer: 'ASSESSMENTS', used: '0.00' },
      { layer: 'UNALLOCATED', used: '8500.00' },
    ],
  });
  const gate = '{ withdrawalGate(currency: "USD") { open cause unallocated } }';
  expect(await server.get('broker', gate)).toEqual({
    withdrawalGate: { open: false, cause: 'UNALLOCATED_LOSS', unallocated: '8500.00' },
  });
  // Of what bob gained as much could be asked as stands; the rest is his.
  const refused = await act(server, 'broker', 'withdrawCollateral', {
    ...{ account: 'bob', currency: 'USD', amount: '980000' },
  });
  expect(refused.rejections[0]?.code).toBe('WITHDRAWALS_GATED');
  const { openDebts } = await server.get<{ openDebts: object }>(
    'officer',
    '{ openDebts(currency: "USD", first: 5) { count total floor debts { accountId cause amount } } }',
  );
  expect(openDebts).toEqual({
    ...{ count: 1, total: '8500.00', floor: '1.00' },
    debts: [{ accountId: 'alice', cause: 'ASSESSMENTS_AWAITED', amount: '8500.00' }],
  });

  const { defaultFundCalls } = await server.get<{ defaultFundCalls: { nodes: { id: string; amount: string }[] } }>(
    'rival',
    '{ defaultFundCalls(status: OPEN, first: 5) { nodes { id kind amount } } }',
  );
  const assessment = defaultFundCalls.nodes.find((call) => 'kind' in call && call.kind === 'ASSESSMENT');
  expect(assessment?.amount).toBe('2000.00');
  expect(
    (await act(server, 'rival', 'payDefaultFundCall', { call: assessment?.id ?? '', amount: '2000' })).outcome,
  ).toBe('DONE');

  const { lossClaims } = await server.get<{ lossClaims: { nodes: object[] } }>(
    'broker',
    '{ lossClaims(account: "bob", first: 5) { nodes { layer base weight amount repaid outstanding } } }',
  );
  // 6,500 by gains of 21,000 and 14,000.
  expect(lossClaims.nodes).toEqual([
    {
      layer: 'SOCIALIZED_LOSS',
      base: 'GAINS',
      weight: '21000.00',
      amount: '3900.00',
      repaid: '0.00',
      outstanding: '3900.00',
    },
  ]);
  expect(await server.get('broker', gate)).toEqual({
    withdrawalGate: { open: true, cause: null, unallocated: '0.00' },
  });

  const id = lossCases.nodes[0]?.id ?? '';
  expect((await act(server, 'officer', 'recordRecovery', { case: id, amount: '9500' })).outcome).toBe('DONE');
  const after = await server.get<Record<string, object>>(
    'auditor',
    `query ($id: ID!) { lossCase(id: $id) { status unallocated layers { layer used } recoveries(first: 5) { nodes {
      amount } }
       claims(first: 5) { nodes { layer claimant amount repaid } } }
       backstopStatement(account: "bob") { contribution income } backstopPool(currency: "USD") { total income emptied }
       conservation { holds } }`,
    { id },
  );
  expect(after).toMatchObject({
    lossCase: { status: 'BORNE', unallocated: '0.00', recoveries: { nodes: [{ amount: '9500.00' }] } },
    backstopStatement: { contribution: '0.00', income: '0.00' },
    backstopPool: { total: '0.00', emptied: 1 },
    conservation: { holds: true },
  });
  const { nodes } = (after['lossCase'] as { claims: { nodes: { layer: string; amount: string; repaid: string }[] } })
    .claims;
  expect(
    Object.fromEntries(
      nodes.map(({ claimant, layer, repaid }: { claimant?: string; layer: string; repaid: string }) => [
        `${layer} ${claimant}`,
        repaid,
      ]),
    ),
  ).toEqual({
    'SOCIALIZED_LOSS account/bob': '3900.00',
    'SOCIALIZED_LOSS account/ivy': '2600.00',
    'ASSESSMENTS default-fund/rival': '2000.00',
    'DEFAULT_FUND default-fund/rival': '1000.00',
    'BACKSTOP_POOL backstop-income': '0.00',
  });
});

test('SL-4 each payer is told by a notice: by what, how much, and the claim that runs', async () => {
  const told = await openServer({ limits: { heartbeatMs: 200 } });
  try {
    await givenPerpetual(told);
    await pay(told, 'bob', '1000000');
    await pay(told, 'alice', '25000');
    await trade(told, 'alice', 'bob', '10');
    const document =
      `subscription { lossNotices(account: "bob") { ${FRAME} notices { accountId layer base weight ` +
      `amount outstanding } } }`;
    const listener = await listen<{ notices: object[] | null }>(told.socket('broker'), document).opened();
    await mark(told, '46500');
    const [message] = await listener.have(1);
    expect(message?.notices).toEqual([
      {
        accountId: 'bob',
        layer: 'SOCIALIZED_LOSS',
        base: 'GAINS',
        weight: '35000.00',
        amount: '10000.00',
        outstanding: '10000.00',
      },
    ]);
    listener.stop();
  } finally {
    await told.close();
  }
});
