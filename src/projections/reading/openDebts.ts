/**
 * Rows turned back into what the list of open debts is made of: accounts whose liquidation waits, defaults that are not
 * settled, cases of which a part stands. The core's own function says what they owe.  Ruling 14, X-4
 */

import type { AccountId } from '../../core/model/account';
import type { Liquidation } from '../../core/model/liquidation';
import type { DefaultBook, MemberDefault } from '../../core/model/memberDefault';
import type { CurrencyId, InstrumentId } from '../../core/model/reference';
import type { State, View } from '../../core/model/state';
import type { CaseStatus, LossCase } from '../../core/model/waterfall';
import type { Queries } from '../../store/client';
import { cashOf } from '../rows/decimals';
import { select } from '../rows/rows';
import { type AsOf, hydrate } from './hydrate';

interface Waiting {
  readonly sort: 'AUCTION' | 'PORTFOLIO' | 'PAUSED';
  readonly id: string;
  readonly account: AccountId;
}

interface OpenBook {
  readonly id: string;
  readonly member: string;
  readonly account: AccountId;
  readonly own: AccountId;
}

interface OpenCase {
  readonly id: string;
  readonly account: AccountId;
  readonly instrument: InstrumentId | null;
  readonly unallocated: string;
  readonly status: CaseStatus;
}

/** The house as of a snapshot, as far as its open debts in a currency go. */
export async function hydrateDebts(sql: Queries, asOf: AsOf, currency: CurrencyId): Promise<View> {
  const waiting = await select<Waiting>(
    sql,
    `SELECT 'AUCTION' AS sort, "id", "accountId" AS account FROM "Auction" WHERE "currency" = $1 AND "status" IN
      ('QUEUED', 'OPEN', 'PAUSED')
     UNION ALL
     SELECT 'PORTFOLIO', "id", "accountId" FROM "PortfolioAuction" WHERE "currency" = $1 AND "status" IN ('OPEN',
     'PAUSED')
     UNION ALL
     SELECT 'PAUSED', "id", "accountId" FROM "Liquidation" WHERE "currency" = $1 AND "status" = 'PAUSED'`,
    currency,
  );
  const books = await select<OpenBook>(
    sql,
    `SELECT d."id", d."memberId" AS member, b."accountId" AS account, b."ownId" AS own
     FROM "MemberDefaultBook" b JOIN "MemberDefault" d ON d."id" = b."defaultId"
     WHERE b."currency" = $1 AND b."settledSeq" IS NULL AND d."status" = 'OPEN'`,
    currency,
  );
  const cases = await select<OpenCase>(
    sql,
    `SELECT "id", "accountId" AS account, "instrumentId" AS instrument, "unallocated"::text, "status" FROM "LossCase"
     WHERE "currency" = $1 AND "unallocated" > 0`,
    currency,
  );
  const accounts = [...waiting, ...books, ...cases].map(({ account }) => account);
  const state = (await hydrate(sql, asOf, [...new Set([...accounts, ...books.map(({ own }) => own)])])) as State;
  for (const { sort, id, account } of waiting) {
    if (sort === 'AUCTION') state.auctionsOf.set(account, (state.auctionsOf.get(account) ?? new Set()).add(id));
    else if (sort === 'PORTFOLIO') state.portfolioOf.set(account, id);
    else state.liquidations.set(id, { id, account, paused: true } as Liquidation);
  }
  for (const { id, member, account, own } of books) {
    const book = { currency, account, own, settled: false } as DefaultBook;
    state.memberDefaults.set(id, { id, member, books: [book] as readonly DefaultBook[] } as MemberDefault);
  }
  for (const { id, account, instrument, unallocated, status } of cases) {
    const one = { id, account, currency, instrument, unallocated: cashOf(state, currency, unallocated), status };
    state.lossCases.set(id, one as LossCase);
  }
  return state;
}
