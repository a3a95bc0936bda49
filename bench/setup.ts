/**
 * A house of so many accounts to be measured: one currency, one perpetual, one classic ladder, a key for every
 * connection.
 */

import { type Api, ask, chunksOf, eachOf, mutate } from './client';

export const MARK = '52000';
export const INSTRUMENT = 'BTC-PERP';
/** Takes the other side where all accounts hold the same. */
export const PROVIDER = 'provider';

const MAINTENANCE = 0.025;

/**
 * Collateral with which an account that bought one contract at the first mark is at its maintenance margin at a price.
 */
export const collateralAt = (price: number): string => (Number(MARK) - price * (1 - MAINTENANCE)).toFixed(2);

export const accountOf = (i: number): string => `account-${String(i).padStart(6, '0')}`;

export interface Keys {
  readonly admin: readonly string[]; // secrets
  readonly feed: readonly string[];
}

/** Keys first: once a member's account is open, each of them would need a second person. */
export async function issueKeys(admin: Api, count: number): Promise<Keys> {
  const keys = { admin: [] as string[], feed: [] as string[] };
  for (let i = 0; i < count; i++) {
    keys.admin.push(await issueKey(admin, 'ADMIN', i));
    keys.feed.push(await issueKey(admin, 'FEED', i));
  }
  return keys;
}

/** Keys of the member whose the accounts are. */
export async function brokerKeys(admin: Api, count: number): Promise<string[]> {
  const secrets: string[] = [];
  for (let i = 0; i < count; i++) secrets.push(await issueKey(admin, 'BROKER', i, 'broker'));
  return secrets;
}

async function issueKey(
  admin: Api,
  role: 'ADMIN' | 'FEED' | 'BROKER',
  i: number,
  member: string | null = null,
): Promise<string> {
  const input = {
    idempotencyKey: `key/${role}/${i}`,
    apiKey: `bench-${role.toLowerCase()}-${i}`,
    role,
    member,
    label: 'Benchmark',
  };
  const query = 'mutation ($input: IssueApiKeyInput!) { issueApiKey(input: $input) { outcome secret } }';
  const { issueApiKey } = await ask<{ issueApiKey: { outcome: string; secret: string | null } }>(admin, query, {
    input,
  });
  if (issueApiKey.secret === null) throw new Error(`No key of the role ${role}`);
  return issueApiKey.secret;
}

const of = (base: 'INITIAL' | 'MAINTENANCE', ratio: string) => [{ base, ratio }];

const LIQUIDATION = {
  feeRate: '0.0015',
  feeShares: { liquidator: '0', fund: '1', house: '0' },
  penaltyTiers: [],
  repeatSurcharge: '0',
  repeatMaximum: 0,
  repeatWindow: '1d',
  slippage: '0.001',
  venueWindow: '30s',
  minimumRemainder: '0',
};

/** Called below maintenance margin, closed out below two thirds of it. */
export const CLASSIC = {
  policy: 'classic',
  currency: 'USD',
  warnings: [of('INITIAL', '1')],
  call: of('MAINTENANCE', '1'),
  closeOut: of('MAINTENANCE', '2/3'),
  cure: of('MAINTENANCE', '1.1'),
  target: of('MAINTENANCE', '1.2'),
  hysteresis: '0.02',
  cureWindow: '1d',
  amendStep: '0.1',
  aggregation: 'OWNER',
  liquidation: LIQUIDATION,
};

/** Currency, ladder, instrument with its tiers and its first mark, member. */
export async function defineHouse(admin: Api, feed: Api): Promise<void> {
  await mutate(admin, 'defineCurrency', { currency: 'USD', scale: 2 });
  await mutate(admin, 'defineCurrency', { currency: 'BTC', scale: 8 });
  await mutate(admin, 'setMarginPolicy', CLASSIC);
  await mutate(admin, 'defineInstrument', {
    ...{ instrument: INSTRUMENT, kind: 'PERPETUAL', base: 'BTC', quote: 'USD', settlement: 'USD' },
    ...{ tick: '0.1', lot: '0.1', multiplier: '1', markMethod: 'VENUE', heartbeat: '1d', variationInterval: '1d' },
  });
  const tiers = [
    { floor: '0', cap: '2000000', initialRate: '0.05', maintenanceRate: '0.025' },
    { floor: '2000000', cap: null, initialRate: '0.1', maintenanceRate: '0.05' },
  ];
  await mutate(admin, 'setTierSchedule', { instrument: INSTRUMENT, tiers });
  await mutate(admin, 'admitMember', { member: 'broker', name: 'A broker' });
  await setMark(feed, MARK);
}

export const setMark = (feed: Api, price: string): Promise<void> =>
  mutate(feed, 'submitMarkPrices', { source: 'venue', prices: [{ instrument: INSTRUMENT, price }] });

/** Accounts are opened ten a request, which is what a request may hold. */
const OPENED_TOGETHER = 10;

export async function openAccounts(admin: Api, accounts: readonly string[], policy = 'classic'): Promise<void> {
  await eachOf(chunksOf(accounts, OPENED_TOGETHER), 8, async (some) => {
    const names = some.map((_, i) => `$a${i}: OpenAccountInput!`).join(', ');
    const fields = some.map((_, i) => `a${i}: openAccount(input: $a${i}) { outcome }`).join(' ');
    const inputs = some.map((account, i) => [
      `a${i}`,
      { idempotencyKey: `open/${account}`, account, member: 'broker', owner: account, currency: 'USD', policy },
    ]);
    const answers = await ask<Record<string, { outcome: string }>>(
      admin,
      `mutation (${names}) { ${fields} }`,
      Object.fromEntries(inputs),
    );
    if (!Object.values(answers).every(({ outcome }) => outcome === 'DONE'))
      throw new Error('An account was not opened');
  });
}

export async function deposit(
  admin: Api,
  payments: readonly (readonly [account: string, amount: string])[],
): Promise<void> {
  await eachOf(chunksOf(payments, 1_000), 4, (some) =>
    mutate(admin, 'depositCollateralBatch', {
      deposits: some.map(([account, amount]) => ({ account, currency: 'USD', amount })),
    }),
  );
}

/** Everybody buys one contract from the provider at the first mark. */
export async function buyOneEach(feed: Api, accounts: readonly string[]): Promise<void> {
  const trades = accounts.map((buyer, i) => ({
    ...{ trade: `opening-${i}`, instrument: INSTRUMENT, buyer, seller: PROVIDER, price: MARK, size: '1' },
  }));
  await eachOf(chunksOf(trades, 1_000), 2, (some) => mutate(feed, 'submitTrades', { trades: some }));
}
