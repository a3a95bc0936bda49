/**
 * What a broker is asked about things of another member: every field open to brokers that names anything.  Rule: X-5
 */

export type Sort =
  | 'contributor'
  | 'fundCall'
  | 'account'
  | 'called'
  | 'liquidated'
  | 'defaulted'
  | 'owner'
  | 'member'
  | 'trade'
  | 'order'
  | 'call'
  | 'liquidation'
  | 'liquidationOrder'
  | 'default'
  | 'memberDefault'
  | 'offer'
  | 'otherOffer'
  | 'nodeOfAccount';

const REJECTION = 'outcome events rejections { code message retriable docs details { name value } }';

/** What is asked with `$id` for the id of something of another member. `sort` says of what. */
interface Question {
  readonly field: string;
  readonly sort: Sort;
  readonly document: string;
}

export const QUESTIONS: readonly Question[] = [
  {
    field: 'account',
    sort: 'account',
    document: 'query ($id: ID!) { account(id: $id) { id status owner health { equity } } }',
  },
  {
    field: 'accounts',
    sort: 'owner',
    document: 'query ($id: ID!) { accounts(owner: $id, first: 5) { nodes { id } totalCount } }',
  },
  {
    field: 'accounts',
    sort: 'member',
    document: 'query ($id: ID!) { accounts(member: $id, first: 5) { nodes { id } totalCount } }',
  },
  {
    field: 'accountsByDistance',
    sort: 'member',
    document: 'query ($id: ID!) { accountsByDistance(member: $id, first: 5) { totalCount nodes { account } } }',
  },
  { field: 'node', sort: 'nodeOfAccount', document: 'query ($id: ID!) { node(id: $id) { __typename nodeId } }' },
  {
    field: 'nodes',
    sort: 'nodeOfAccount',
    document: 'query ($id: ID!) { nodes(ids: [$id]) { ... on Account { id status } } }',
  },
  {
    field: 'positions',
    sort: 'account',
    document: 'query ($id: ID!) { positions(account: $id, first: 5) { nodes { size } totalCount } }',
  },
  {
    field: 'orders',
    sort: 'account',
    document: 'query ($id: ID!) { orders(account: $id, first: 5) { nodes { id } totalCount } }',
  },
  {
    field: 'trades',
    sort: 'account',
    document: 'query ($id: ID!) { trades(account: $id, first: 5) { nodes { id } totalCount } }',
  },
  { field: 'trade', sort: 'trade', document: 'query ($id: ID!) { trade(id: $id) { id size } }' },
  { field: 'member', sort: 'member', document: 'query ($id: ID!) { member(id: $id) { id name } }' },
  {
    field: 'whatIf',
    sort: 'account',
    document: `query ($id: ID!) { whatIf(input: { account: $id, shock: "-0.1" })
      { before { equity } after { equity } meetsInitialMargin rejections { code message details { name value } } } }`,
  },
  {
    field: 'valuation',
    sort: 'account',
    document: `query ($id: ID!) { valuation(accounts: [$id], currency: "USD")
      { value counted lines { accountId value } rates { indexId } } }`,
  },
  {
    field: 'marginCall',
    sort: 'call',
    document: 'query ($id: ID!) { marginCall(id: $id) { id amount account { id } } }',
  },
  {
    field: 'marginCalls',
    sort: 'called',
    document: 'query ($id: ID!) { marginCalls(account: $id, first: 5) { nodes { id } totalCount } }',
  },
  {
    field: 'marginCalls',
    sort: 'member',
    document: 'query ($id: ID!) { marginCalls(member: $id, first: 5) { nodes { id } totalCount } }',
  },
  {
    field: 'marginCallStatistics',
    sort: 'member',
    document: `query ($id: ID!) { marginCallStatistics(member: $id, from: "2025-10-01T00:00:00.000Z", to:
      "2025-11-01T00:00:00.000Z")
      { issued open liquidated days { day issued } amounts { currency called } } }`,
  },
  { field: 'liquidation', sort: 'liquidation', document: 'query ($id: ID!) { liquidation(id: $id) { id status } }' },
  {
    field: 'liquidations',
    sort: 'liquidated',
    document: 'query ($id: ID!) { liquidations(account: $id, first: 5) { nodes { id } totalCount } }',
  },
  {
    field: 'liquidationOrder',
    sort: 'liquidationOrder',
    document: 'query ($id: ID!) { liquidationOrder(id: $id) { id size } }',
  },
  { field: 'lossCase', sort: 'default', document: 'query ($id: ID!) { lossCase(id: $id) { id loss } }' },
  {
    field: 'lossCases',
    sort: 'defaulted',
    document: 'query ($id: ID!) { lossCases(account: $id, first: 5) { nodes { id } totalCount } }',
  },
  {
    field: 'settlementRuns',
    sort: 'account',
    document:
      'query ($id: ID!) { settlementRuns(first: 5) { nodes { lines(account: $id, first: 5) { nodes { amount } ' +
      'totalCount } } } }',
  },
  {
    field: 'depositCollateral',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { depositCollateral(input: { account: $id, currency: "USD", amount: "1",
      idempotencyKey: $key })
      { accountId account { id } ${REJECTION} } }`,
  },
  {
    field: 'depositCollateralBatch',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { depositCollateralBatch(input: { deposits: [{ account: $id, currency:
      "USD", amount: "1" }],
      idempotencyKey: $key }) { outcome items { accountId account { id } ${REJECTION} } } }`,
  },
  {
    field: 'withdrawCollateral',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { withdrawCollateral(input: { account: $id, currency: "USD", amount: "1",
      idempotencyKey: $key })
      { accountId account { id } ${REJECTION} } }`,
  },
  {
    field: 'transferCollateral',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { transferCollateral(input: { from: $id, to: "alice", currency: "USD",
      amount: "1",
      idempotencyKey: $key }) { from { id } to { id } ${REJECTION} } }`,
  },
  {
    field: 'transferCollateral',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { transferCollateral(input: { from: "alice", to: $id, currency: "USD",
      amount: "1",
      idempotencyKey: $key }) { from { id } to { id } ${REJECTION} } }`,
  },
  {
    field: 'placeOrder',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { placeOrder(input: { account: $id, instrument: "BTC-PERP", side: SELL,
      size: "0.1", price: "50000",
      order: "brand-new", idempotencyKey: $key }) { orderId order { id } ${REJECTION} } }`,
  },
  {
    field: 'cancelOrder',
    sort: 'order',
    document:
      `mutation ($id: ID!, $key: ID!) { cancelOrder(input: { order: $id, idempotencyKey: $key }) { ` +
      `orderId order { id } ${REJECTION} } }`,
  },
  {
    field: 'acknowledgeMarginCall',
    sort: 'call',
    document:
      `mutation ($id: ID!, $key: ID!) { acknowledgeMarginCall(input: { call: $id, idempotencyKey: $key }) ` +
      `{ call { id } ${REJECTION} } }`,
  },
  {
    field: 'disputeMarginCall',
    sort: 'call',
    document: `mutation ($id: ID!, $key: ID!) { disputeMarginCall(input: { call: $id, reason: "no", idempotencyKey:
      $key })
      { call { id } ${REJECTION} } }`,
  },
  {
    field: 'portOffer',
    sort: 'offer',
    document: 'query ($id: ID!) { portOffer(id: $id) { id toMember accounts holdings { id } } }',
  },
  {
    field: 'portOffers',
    sort: 'memberDefault',
    document: 'query ($id: ID!) { portOffers(default: $id, first: 5) { nodes { id } totalCount } }',
  },
  {
    field: 'bidForLot',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { bidForLot(input: { default: "none", currency: "USD", lot: 1, account:
      $id, amount: "0",
      idempotencyKey: $key }) { ${REJECTION} } }`,
  },
  {
    field: 'acceptPort',
    sort: 'offer',
    document:
      `mutation ($id: ID!, $key: ID!) { acceptPort(input: { port: $id, idempotencyKey: $key }) { port { ` +
      `id } ${REJECTION} } }`,
  },
  {
    field: 'declinePort',
    sort: 'otherOffer',
    document:
      `mutation ($id: ID!, $key: ID!) { declinePort(input: { port: $id, reason: "no", idempotencyKey: ` +
      `$key }) { port { id } ${REJECTION} } }`,
  },
  {
    field: 'openAccount',
    sort: 'member',
    document: `mutation ($id: ID!, $key: ID!) { openAccount(input: { account: "broker/new", member: $id, owner:
      "broker/new", currency: "USD",
      policy: "classic", idempotencyKey: $key }) { accountId account { id } ${REJECTION} } }`,
  },
  {
    field: 'openAccount',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { openAccount(input: { account: $id, member: "broker", owner: "alice",
      currency: "USD",
      policy: "classic", idempotencyKey: $key }) { accountId account { id } ${REJECTION} } }`,
  },
  {
    field: 'openAccount',
    sort: 'owner',
    document: `mutation ($id: ID!, $key: ID!) { openAccount(input: { member: "broker", owner: $id, currency: "USD",
      policy: "classic", idempotencyKey: $key }) { ${REJECTION} } }`,
  },
  {
    field: 'lossClaims',
    sort: 'contributor',
    document: 'query ($id: ID!) { lossClaims(account: $id, first: 5) { nodes { amount } totalCount } }',
  },
  {
    field: 'defaultFundCalls',
    sort: 'member',
    document: 'query ($id: ID!) { defaultFundCalls(member: $id, first: 5) { nodes { id } totalCount } }',
  },
  {
    field: 'backstopStatement',
    sort: 'contributor',
    document: 'query ($id: ID!) { backstopStatement(account: $id) { contribution } }',
  },
  {
    field: 'contributeToDefaultFund',
    sort: 'member',
    document: `mutation ($id: ID!, $key: ID!) { contributeToDefaultFund(input: { member: $id, currency: "USD", amount:
      "1", idempotencyKey: $key })
      { ${REJECTION} } }`,
  },
  {
    field: 'withdrawFromDefaultFund',
    sort: 'member',
    document: `mutation ($id: ID!, $key: ID!) { withdrawFromDefaultFund(input: { member: $id, currency: "USD", amount:
      "1", idempotencyKey: $key })
      { ${REJECTION} } }`,
  },
  {
    field: 'payDefaultFundCall',
    sort: 'fundCall',
    document: `mutation ($id: ID!, $key: ID!) { payDefaultFundCall(input: { call: $id, amount: "1", idempotencyKey:
      $key })
      { call { id } ${REJECTION} } }`,
  },
  {
    field: 'contributeToBackstopPool',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { contributeToBackstopPool(input: { account: $id, amount: "1",
      idempotencyKey: $key })
      { statement { contribution } ${REJECTION} } }`,
  },
  {
    field: 'withdrawFromBackstopPool',
    sort: 'contributor',
    document: `mutation ($id: ID!, $key: ID!) { withdrawFromBackstopPool(input: { account: $id, amount: "1",
      idempotencyKey: $key })
      { statement { contribution } ${REJECTION} } }`,
  },
  ...Object.entries({
    takeAuction: 'quantity: "1", limit: "1", version: 1',
    placeBid: 'amount: "1", version: 1',
    resetAuction: '',
  }).map(([field, terms]) => ({
    field,
    sort: 'account' as const,
    document:
      `mutation ($id: ID!, $key: ID!) { ${field}(input: { auction: "none", account: $id, ${terms} ` +
      `idempotencyKey: $key }) { ${REJECTION} } }`,
  })),
  {
    field: 'takePortfolio',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { takePortfolio(input: { auction: "none", account: $id, limit: "1",
      version: 1,
      idempotencyKey: $key }) { ${REJECTION} } }`,
  },
  {
    field: 'liquidators',
    sort: 'contributor',
    document: 'query ($id: ID!) { liquidators(account: $id, first: 5) { nodes { deposit } totalCount } }',
  },
  {
    field: 'backstopProviders',
    sort: 'contributor',
    document: 'query ($id: ID!) { backstopProviders(account: $id, first: 5) { nodes { capacity } totalCount } }',
  },
  {
    field: 'liquidationDisputes',
    sort: 'liquidation',
    document: 'query ($id: ID!) { liquidationDisputes(liquidation: $id, first: 5) { nodes { reason } totalCount } }',
  },
  {
    field: 'disputeLiquidation',
    sort: 'liquidation',
    document: `mutation ($id: ID!, $key: ID!) { disputeLiquidation(input: { liquidation: $id, reason: "no",
      idempotencyKey: $key })
      { dispute { id } ${REJECTION} } }`,
  },
  {
    field: 'registerLiquidator',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { registerLiquidator(input: { account: $id, deposit: "1", idempotencyKey:
      $key })
      { liquidator { deposit } ${REJECTION} } }`,
  },
  ...['claimLiquidation', 'takeLiquidation'].map(
    (field): Question => ({
      field,
      sort: 'liquidationOrder',
      document:
        `mutation ($id: ID!, $key: ID!) { ${field}(input: { order: $id, account: "alice", idempotencyKey: ` +
        `$key }) { ${REJECTION} } }`,
    }),
  ),
  {
    field: 'deregisterLiquidator',
    sort: 'contributor',
    document: `mutation ($id: ID!, $key: ID!) { deregisterLiquidator(input: { account: $id, idempotencyKey: $key })
      { liquidator { deposit } ${REJECTION} } }`,
  },
  {
    field: 'registerBackstopProvider',
    sort: 'account',
    document: `mutation ($id: ID!, $key: ID!) { registerBackstopProvider(input: { account: $id, capacity: "1",
      discount: "0", idempotencyKey: $key })
      { provider { capacity } ${REJECTION} } }`,
  },
  {
    field: 'deregisterBackstopProvider',
    sort: 'contributor',
    document: `mutation ($id: ID!, $key: ID!) { deregisterBackstopProvider(input: { account: $id, idempotencyKey: $key
      })
      { provider { capacity } ${REJECTION} } }`,
  },
];
