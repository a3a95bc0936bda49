/**
 * Rows turned back into a state of the core: accounts that are asked about, with everything their margin depends on, so
 * that the very functions that call and liquidate say what a snapshot amounts to.  Rules: X-4, AH-1, RMR-3, RMR-4, PV-1
 *
 * What is not asked for is not there: of instruments those that are held or named, of the owners' other accounts their
 * positions, which count for the tiers, and nothing else.
 */

import { createPlainState } from '../../core/engine/genesis';
import type { AccountId } from '../../core/model/account';
import type { MarginCall } from '../../core/model/call';
import type { Liquidation } from '../../core/model/liquidation';
import type { CurrencyId, InstrumentId } from '../../core/model/reference';
import type { State, View } from '../../core/model/state';
import type { Queries } from '../../store/client';
import type { Cash, Instant, Seq } from '../../units/quantity';
import { loadFormerTerms } from '../margin/former';
import { loadMarginPolicies } from '../margin/policies';
import { instrumentsOf, loadOrders, loadPositions } from '../position/positions';
import { loadIndices } from '../price/prices';
import { heldElsewhere, loadAccounts, loadBalances } from '../reference/accounts';
import { loadCurrencies } from '../reference/currencies';
import { loadInstruments } from '../reference/instruments';
import { loadMarketLimits } from '../reference/marketLimits';
import { rateOf } from '../rows/decimals';
import { jsonText, LISTED, select } from '../rows/rows';
import { loadLossPolicies } from '../settlement/waterfall/lossPolicies';

export interface AsOf {
  readonly seq: Seq;
  readonly at: Instant;
}

/**
 * The house as of a snapshot, as far as these accounts go. Accounts that are not there are left out; instruments that a
 * question names beyond those held (a trade that is only thought of) are given by name.
 */
export async function hydrate(
  sql: Queries,
  asOf: AsOf,
  ids: readonly AccountId[],
  instruments: readonly InstrumentId[] = [],
): Promise<View> {
  const collateral = new Map<CurrencyId, Cash>();
  const elsewhere = { long: new Map(), owners: new Map(), collateral };
  const state: State = { ...createPlainState(elsewhere), seq: asOf.seq, now: asOf.at };
  const asked = jsonText(ids);
  const family = jsonText(await familyOf(sql, asked));
  await loadCurrencies(sql, state);
  await loadIndices(sql, state);
  await loadMarginPolicies(sql, state);
  await loadLossPolicies(sql, state);
  await loadFormerTerms(sql, state);
  await loadInstruments(sql, state, new Set([...(await instrumentsOf(sql, family)), ...instruments]));
  await loadMarketLimits(sql, state);
  await loadAccounts(sql, state, family);
  await loadPositions(sql, state, family);
  await loadBalances(sql, state, asked);
  for (const [currency, held] of await heldElsewhere(sql, state)) collateral.set(currency, held);
  await loadOrders(sql, state, asked);
  await loadRunning(sql, state, asked);
  return state;
}

/** The accounts and all others of the same owners. */
async function familyOf(sql: Queries, asked: string): Promise<AccountId[]> {
  const rows = await select<{ id: string }>(
    sql,
    `SELECT DISTINCT f."id" FROM ${LISTED} JOIN "Account" a ON a."id" = i."id" JOIN "Account" f ON f."owner" = ` +
      `a."owner"`,
    asked,
  );
  return rows.map(({ id }) => id);
}

/** Which accounts have an open call or a running liquidation; what those say is in their own rows. */
async function loadRunning(sql: Queries, state: State, asked: string): Promise<void> {
  const rows = await select<{
    account: string;
    id: string;
    liquidation: boolean;
    severity: string | null;
    termsBefore: number | null;
  }>(
    sql,
    `SELECT "accountId" AS account, c."id", false AS liquidation, NULL AS severity, "termsBefore" FROM ${LISTED} JOIN
      "MarginCall" c ON c."accountId" = i."id" WHERE "status" = 'OPEN'
     UNION ALL
     SELECT "accountId", l."id", true, l."severity"::text, NULL FROM ${LISTED} JOIN "Liquidation" l ON l."accountId" =
     i."id" WHERE "endedAt" IS NULL`,
    asked,
  );
  for (const { account, id, liquidation, severity, termsBefore } of rows) {
    (liquidation ? state.liquidationOf : state.callOf).set(account, id);
    // What the close-out level depends on, and what the penalty does; the rest of it is in its own row.
    if (termsBefore !== null) state.calls.set(id, { id, account, termsBefore } as MarginCall);
    if (severity !== null) state.liquidations.set(id, { id, account, severity: rateOf(severity) } as Liquidation);
  }
}
