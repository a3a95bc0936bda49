/**
 * Every root field for every role: let through or FORBIDDEN as this table says, which was written by hand.  Rule: X-5
 */

import { type KeyRole, policiesOf, ROLES } from '../../../src/graphql/access/policy';
import { schema } from '../../../src/graphql/schema';
import { operationOf, ROOT_KINDS, type RootKind, rootFields } from '../documents';
import { type KeyName, openServer, type TestServer } from '../support';

const ALL: readonly KeyRole[] = ROLES;
const STAFF: readonly KeyRole[] = ['ADMIN', 'RISK_OFFICER', 'AUDITOR'];
const READERS: readonly KeyRole[] = [...STAFF, 'BROKER', 'BROKER_READONLY'];
const OFFICERS: readonly KeyRole[] = ['ADMIN', 'RISK_OFFICER'];

const spread = (roles: readonly KeyRole[], fields: string): Record<string, readonly KeyRole[]> =>
  Object.fromEntries(fields.split(/\s+/).map((field) => [field, roles]));

const INTENDED: Readonly<Record<RootKind, Readonly<Record<string, readonly KeyRole[]>>>> = {
  query: {
    ...spread(
      ALL,
      'asOf house viewer node nodes currency currencies collateralTerms priceIndex priceIndices instrument ' +
        'instruments markPrices settlementSamples',
    ),
    ...spread(ALL, 'memberDefault memberDefaults defaultPolicies'),
    ...spread(READERS, 'portOffer portOffers'),
    ...spread(
      ALL,
      'defaultFund defaultFundPolicies coverage coverages backstopPool insurancePool insurancePools withdrawalGate',
    ),
    ...spread(READERS, 'lossClaims defaultFundCalls backstopStatement'),
    ...spread(
      ALL,
      'deleveragingPolicies marketLimits openInterestScalings fundingPolicies fundingRates priceGuards disposalLadders',
    ),
    ...spread(READERS, 'backstopProviders liquidationDisputes'),
    ...spread([...STAFF, 'FEED'], 'venues'),
    ...spread([...READERS, 'LIQUIDATOR'], 'liquidators liquidationClaims'),
    ...spread(
      READERS,
      'member members account accounts positions orders trade trades whatIf marginCall marginCalls ' +
        'accountsByDistance valuation',
    ),
    ...spread(
      READERS,
      'marginCallStatistics lossCase lossCases deleveraging deleveragings liquidation liquidations settlementRuns',
    ),
    ...spread(
      ALL,
      'scheduledChange scheduledChanges notices tierSchedules marginPolicies lossPolicies disposalPolicies ' +
        'auctionPolicies portfolioPolicies insuranceFund insuranceFunds',
    ),
    ...spread([...READERS, 'LIQUIDATOR', 'FEED'], 'liquidationOrder liquidationOrders auction auctions'),
    ...spread([...READERS, 'LIQUIDATOR', 'FEED'], 'portfolioAuction portfolioAuctions'),
    ...spread(STAFF, 'apiKeys proposal proposals journal conservation ledgerAccounts ledgerTransfers'),
    ...spread(STAFF, 'liquidationMap houseRisk auditWatch deleveragingQueue openDebts'),
  },
  mutation: {
    ...spread(
      ['ADMIN'],
      'issueApiKey revokeApiKey advanceTime admitMember defineCurrency defineIndex defineInstrument',
    ),
    ...spread(
      OFFICERS,
      'setNotice cancelScheduledChange setRetention acceptClockStep approveProposal rejectProposal ' +
        'contributeToInsuranceFund withdrawFromInsuranceFund contributeHouseCapital',
    ),
    ...spread(
      OFFICERS,
      'reverseTransfer issueMarginCall extendMarginCall waiveMarginCall ruleOnDispute setCollateralTerms',
    ),
    ...spread(
      OFFICERS,
      'setInstrumentStatus setTierSchedule setMarkPrice setMarginPolicy setLossPolicy setDisposalPolicy ' +
        'delistInstrument cancelDelisting setSettlementPrice',
    ),
    ...spread(
      OFFICERS,
      'suspendMember reinstateMember setDefaultPolicy declareDefault portClients hedgeDefault closeDefaultPosition',
    ),
    ...spread(OFFICERS, 'splitDefault auctionDefault chargeDefaultCost settleDefault closeDefault'),
    ...spread(['ADMIN'], 'setVenue'),
    ...spread(['BROKER'], 'acceptPort declinePort bidForLot'),
    ...spread(OFFICERS, 'setDefaultFundPolicy computeCoverage recordJuniors contributeHouseTranche recordRecovery'),
    ...spread(OFFICERS, 'addBackstopIncome setInsurancePool transferBetweenPools'),
    ...spread([...OFFICERS, 'BROKER'], 'contributeToDefaultFund withdrawFromDefaultFund payDefaultFundCall'),
    ...spread(['ADMIN', 'BROKER'], 'contributeToBackstopPool withdrawFromBackstopPool'),
    ...spread(
      OFFICERS,
      'setDeleveragingPolicy setMarketLimits setOpenInterestScaling setFundingPolicy setPriceGuards tearUpPositions',
    ),
    ...spread(OFFICERS, 'setAuctionPolicy setPortfolioPolicy startAuction cancelAuction pauseAuction resumeAuction'),
    ...spread([...OFFICERS, 'FEED'], 'setAuctionBreaker'),
    ...spread(
      ['ADMIN', 'BROKER'],
      'openAccount depositCollateral depositCollateralBatch withdrawCollateral transferCollateral',
    ),
    ...spread(['BROKER'], 'acknowledgeMarginCall disputeMarginCall'),
    ...spread(['BROKER', 'LIQUIDATOR'], 'takeAuction placeBid resetAuction takePortfolio'),
    ...spread(['BROKER', 'FEED'], 'placeOrder cancelOrder'),
    ...spread(['FEED'], 'submitTrade submitTrades submitIndexPrices submitMarkPrices submitImpactPrices'),
    ...spread(['FEED'], 'reportDepth submitFundingRate'),
    ...spread(['FEED', 'LIQUIDATOR'], 'reportLiquidationFill'),
    ...spread(OFFICERS, 'setDisposalLadder ruleOnLiquidationDispute'),
    ...spread(['BROKER', 'LIQUIDATOR'], 'registerLiquidator deregisterLiquidator claimLiquidation takeLiquidation'),
    ...spread(['BROKER'], 'registerBackstopProvider deregisterBackstopProvider disputeLiquidation'),
  },
  subscription: {
    ...spread([...READERS, 'LIQUIDATOR'], 'liquidatableAccounts'),
    ...spread(ALL, 'insuranceFund prices fundingRates memberDefaults'),
    ...spread(READERS, 'accountHealth accountStatus lossNotices marginCalls deleveragedPositions'),
    ...spread([...READERS, 'LIQUIDATOR', 'FEED'], 'liquidationOrders auctions portfolioAuctions'),
    ...spread(STAFF, 'events'),
  },
};

/** Fields below the root that are for some of those who reach them. */
const NESTED: Readonly<Record<string, readonly KeyRole[]>> = {
  'House.ladder': STAFF,
  'House.digest': ['ADMIN', 'AUDITOR'],
  'InsuranceFund.entries': STAFF,
  'ReadModels.stuck': STAFF,
};

const KEY_OF: Readonly<Record<KeyRole, KeyName>> = {
  ADMIN: 'admin',
  RISK_OFFICER: 'officer',
  BROKER: 'broker',
  BROKER_READONLY: 'reader',
  LIQUIDATOR: 'liquidator',
  FEED: 'feed',
  AUDITOR: 'auditor',
};

const sorted = (roles: readonly string[]): string[] => [...roles].sort();

test('X-5 the table names every root field of the schema and no other, and the schema says the same of each', () => {
  const policies = policiesOf(schema());
  for (const kind of ROOT_KINDS) {
    const said = rootFields(kind).map(({ field }) => {
      const policy = policies.get(`${kind[0]?.toUpperCase()}${kind.slice(1)}.${field.name}`);
      return [field.name, policy === 'REACHED' ? 'REACHED' : sorted(policy ?? [])];
    });
    const intended = Object.entries(INTENDED[kind]).map(([name, roles]) => [name, sorted(roles)]);
    expect(said.sort()).toEqual(intended.sort());
  }
});

test('X-5 an auditor reads all and writes nothing; a read-only broker writes nothing', () => {
  expect(Object.entries(INTENDED.query).filter(([, roles]) => !roles.includes('AUDITOR'))).toEqual([]);
  expect(Object.entries(INTENDED.subscription).filter(([, roles]) => !roles.includes('AUDITOR'))).toEqual([]);
  const writers = new Set(Object.values(INTENDED.mutation).flat());
  expect(sorted([...writers])).toEqual(['ADMIN', 'BROKER', 'FEED', 'LIQUIDATOR', 'RISK_OFFICER']);
});

test('X-5 the table of nested fields is complete', () => {
  const restricted = [...policiesOf(schema())].filter(
    ([place, policy]) => policy !== 'REACHED' && !/^(Query|Mutation|Subscription)\./.test(place),
  );
  expect(Object.fromEntries(restricted.map(([place, roles]) => [place, sorted(roles as string[])]))).toEqual(
    Object.fromEntries(Object.entries(NESTED).map(([place, roles]) => [place, sorted(roles)])),
  );
});

describe('over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  });
  afterAll(() => server.close());

  const FIELDS = (['query', 'mutation'] as const).flatMap((kind) => rootFields(kind));

  test.each(ROLES)(
    'X-5 the role %s is let through where the table says so, and gets FORBIDDEN everywhere else',
    async (role) => {
      const wrong: string[] = [];
      for (const root of FIELDS) {
        const { query, variables } = operationOf(root);
        const { errors } = await server.ask(KEY_OF[role], query, variables);
        const forbidden = errors.some(({ extensions }) => extensions['code'] === 'FORBIDDEN');
        const intended = INTENDED[root.kind][root.field.name]?.includes(role) ?? false;
        // What is let through may still find nothing there, but it is not a fault of the server.
        const fault = errors.find(
          ({ extensions }) =>
            extensions['code'] === 'INTERNAL_SERVER_ERROR' || extensions['code'] === 'GRAPHQL_VALIDATION_FAILED',
        );
        if (forbidden === intended || fault) wrong.push(`${root.kind} ${root.field.name}: ${JSON.stringify(errors)}`);
      }
      expect(wrong).toEqual([]);
      expect(server.faults).toEqual([]);
    },
  );

  test('X-5 a refusal names the place and the role, and changes nothing', async () => {
    const before = server.house.status().seq;
    const { data, errors, status } = await server.ask(
      'auditor',
      operationOf(named('mutation', 'depositCollateral')).query,
      {
        input: { account: 'alice', currency: 'USD', amount: '1', idempotencyKey: 'x' },
      },
    );
    expect(status).toBe(403);
    expect(data).toBeNull();
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'Not allowed for the role AUDITOR.',
        path: ['depositCollateral'],
        extensions: { code: 'FORBIDDEN', retriable: false, docs: 'docs/errors.md#forbidden' },
      }),
    ]);
    expect(server.house.status().seq).toBe(before);
  });

  test('a refusal decides the status of an answer in which nothing else is, and of no other', async () => {
    const statusOf = async (query: string): Promise<number> => (await server.ask('auditor', query)).status;
    const input = 'input: { account: "alice", currency: "USD", amount: "1", idempotencyKey: "x" }';
    expect(
      await statusOf(
        `mutation { a: depositCollateral(${input}) { outcome } b: depositCollateral(${input}) { outcome } }`,
      ),
    ).toBe(403);
    expect(await statusOf('{ account(id: "alice") { id } nothing: account(id: "nobody") { id } }')).toBe(200);
  });

  /** How each nested field is reached, from the root on; and what is asked of it. */
  const WAYS: Readonly<Record<keyof typeof NESTED, readonly [path: readonly string[], rest: string]>> = {
    'House.ladder': [['house', 'ladder'], '{ accounts }'],
    'House.digest': [['house', 'digest'], '{ digest }'],
    'InsuranceFund.entries': [['insuranceFund', 'entries'], '(first: 1) { totalCount }'],
    'ReadModels.stuck': [['house', 'readModels', 'stuck'], '{ seq }'],
  };
  const written = (field: string): string => (field === 'insuranceFund' ? 'insuranceFund(currency: "USD")' : field);

  test.each(Object.keys(NESTED))(
    'X-5 %s is for some of those who reach it; the rest of the answer is there for the others',
    async (place) => {
      const [path, rest] = WAYS[place] as NonNullable<(typeof WAYS)[string]>;
      const query = `{ ${path.map(written).join(' { ')} ${rest} ${'} '.repeat(path.length)}`;
      for (const role of ROLES) {
        const { data, errors } = await server.ask<Record<string, unknown>>(KEY_OF[role], query);
        if (NESTED[place]?.includes(role)) expect(errors).toEqual([]);
        else {
          expect(errors.map((error) => [error.path, error.extensions['code']])).toEqual([[path, 'FORBIDDEN']]);
          expect(data).toEqual(path.reduceRight<unknown>((inner, field) => ({ [field]: inner }), null));
        }
      }
    },
  );
});

function named(kind: RootKind, name: string) {
  const found = rootFields(kind).find(({ field }) => field.name === name);
  if (!found) throw new Error(`No ${kind} ${name}`);
  return found;
}
