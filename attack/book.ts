/** What is in a house that is attacked: a broker with accounts and two keys, a market with its feed, and money. */

import type { Api } from '../bench/client';
import { mutate } from '../bench/client';
import {
  accountOf,
  brokerKeys,
  CLASSIC,
  collateralAt,
  defineHouse,
  deposit,
  INSTRUMENT,
  issueKeys,
  MARK,
  openAccounts,
  PROVIDER,
} from '../bench/setup';
import { type Answer, call, type Door } from './caller';
import { centsOf } from './payments';

export interface Book {
  readonly admin: Door;
  readonly feed: Door;
  readonly broker: Door;
  readonly other: Door; // another key of the same broker
  readonly accounts: readonly string[]; // that only hold money
  readonly cents: bigint; // paid in so far
}

const ACCOUNTS = 20;
const PROVIDED = '100000000';

/** One contract bought at the first mark; below its maintenance margin at `CALLED_AT`, above where it is closed out. */
const BORROWED = collateralAt(50_500);
const CALLED_AT = '50400';

/** How long the accounts that are called have to pay. */
export const WINDOWS = { QUICK: '8s', SLOW: '1h' } as const;
const policyOf = (cureWindow: string): string => `within-${cureWindow}`;

/** `rich` are accounts that can trade. */
export async function fillBook(admin: Api, rich: readonly string[] = []): Promise<Book> {
  const at = (secret: string | undefined): Door => ({ url: admin.url, secret: secret ?? '' });
  const feed = at((await issueKeys(admin, 1)).feed[0]);
  await defineHouse(admin, feed);
  const [broker, other] = await brokerKeys(admin, 2);
  // While the house is empty one person is enough.
  for (const cureWindow of Object.values(WINDOWS))
    await mutate(admin, 'setMarginPolicy', { ...CLASSIC, policy: policyOf(cureWindow), cureWindow });
  const accounts = Array.from({ length: ACCOUNTS }, (_, i) => accountOf(i));
  const funded = [PROVIDER, ...rich];
  await openAccounts(admin, [...accounts, ...funded]);
  await deposit(
    admin,
    funded.map((account) => [account, PROVIDED]),
  );
  return {
    admin,
    feed,
    broker: at(broker),
    other: at(other),
    accounts,
    cents: BigInt(funded.length) * centsOf(PROVIDED),
  };
}

/** Accounts that will be called at `CALLED_AT`; returns what was paid in for them, in cents. */
export async function borrow(
  { admin, feed }: Book,
  accounts: readonly string[],
  window: keyof typeof WINDOWS,
): Promise<bigint> {
  await openAccounts(admin, accounts, policyOf(WINDOWS[window]));
  await deposit(
    admin,
    accounts.map((account) => [account, BORROWED]),
  );
  for (const buyer of accounts) {
    const trade = {
      trade: `opening/${buyer}`,
      instrument: INSTRUMENT,
      buyer,
      seller: PROVIDER,
      price: MARK,
      size: '1',
    };
    await mutate(feed, 'submitTrade', trade);
  }
  return BigInt(accounts.length) * centsOf(BORROWED);
}

/** Sets the price at which borrowers are called; returns what is wrong, if a call does not follow at once. */
export async function callBorrowers({ feed }: Book): Promise<string | undefined> {
  const query = 'mutation ($input: SubmitMarkPricesInput!) { set: submitMarkPrices(input: $input) { outcome events } }';
  const prices = [{ instrument: INSTRUMENT, price: CALLED_AT }];
  const { status, codes, data }: Answer = await call(feed, query, {
    input: { idempotencyKey: 'called', source: 'venue', prices },
  });
  const set = data?.['set'] as { outcome: string; events: readonly string[] } | undefined;
  if (set?.outcome !== 'DONE') return `A price is answered with ${status} ${codes.join(' ')}.`;
  return set.events.includes('MARGIN_CALL_ISSUED')
    ? undefined
    : 'A price does not cause the margin call that it should.';
}

/** The same book at another address, after the house was started again. */
export function moved(book: Book, url: string): Book {
  const { admin, feed, broker, other } = book;
  const at = (door: Door): Door => ({ ...door, url });
  return { ...book, admin: at(admin), feed: at(feed), broker: at(broker), other: at(other) };
}
