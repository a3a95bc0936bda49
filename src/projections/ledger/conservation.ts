/**
 * The proof that no money was made or lost, from the rows: per currency, every balance adds up to zero.  Rules: X-1,
 * B3-3
 */

import type { Db } from '../../store/client';

/** A sum as the database gives it: a decimal of any length. */
export interface Sum {
  toFixed(digits?: number): string;
}

/** The sums of one currency over every balance there is. */
export interface CurrencySums {
  readonly currency: string;
  readonly accounts: Sum; // what margin accounts hold, signed
  readonly house: Sum; // what the house's own ledger accounts hold, signed
  readonly paidIn: Sum; // paid in less paid out, ever
  readonly difference: Sum; // accounts + house - paidIn: zero, always
}

export const conservationOf = (db: Db): Promise<CurrencySums[]> => db.$queryRaw<CurrencySums[]>`
  WITH lines AS (
    SELECT "currency", "amount" AS "accounts", 0::numeric AS "house", 0::numeric AS "external" FROM "Balance"
    UNION ALL
    SELECT "currency", 0, CASE WHEN "name" = 'external' THEN 0 ELSE "balance" END, CASE WHEN "name" = 'external' THEN
    "balance" ELSE 0 END
    FROM "LedgerAccount"
    UNION ALL
    SELECT "id", 0, 0, 0 FROM "Currency"
  )
  SELECT "currency", sum("accounts") AS "accounts", sum("house") AS "house", -sum("external") AS "paidIn",
    sum("accounts") + sum("house") + sum("external") AS "difference"
  FROM lines GROUP BY "currency" ORDER BY "currency"`;

export const isNothing = (sum: Sum): boolean => /^-?0(\.0*)?$/.test(sum.toFixed());
