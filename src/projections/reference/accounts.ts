/** Accounts, what they hold in each currency, and how their margin status moved.  Rules: LE-1, LCS-2, B3-3 */

import type { EventOf } from '../../core/message/event';
import type { Account, AccountId, AccountState, AccountStatus } from '../../core/model/account';
import type { CurrencyId } from '../../core/model/reference';
import type { State } from '../../core/model/state';
import type { Queries } from '../../store/client';
import { type Cash, instant, minus } from '../../units/quantity';
import type { Batch, Moment } from '../rows/batch';
import { cashOf, cashText, orNull, ratioOf, ratioText, timeText } from '../rows/decimals';
import type { HeldAccount } from '../rows/memory';
import { jsonText, LISTED, type Row, select } from '../rows/rows';

interface Selected extends Omit<Account, 'leverage'> {
  readonly leverage: string | null;
  readonly status: AccountStatus;
  readonly warned: number;
  readonly waived: boolean;
  readonly liquidations: readonly number[];
  readonly levied: string;
}

/**
 * Opens the accounts in the state's book, as far as they are there, and returns their ids. What they hold is to be
 * added.
 */
export async function loadAccounts(sql: Queries, state: State, ids: string): Promise<AccountId[]> {
  const rows = await select<Selected>(
    sql,
    `SELECT "id", "memberId" AS member, "owner", "kind", "currency", "policyId" AS policy, "mode", "instrumentId" AS
      instrument, "leverage",
       "status", "warned", "waived", "liquidations", "levied"::text
     FROM ${LISTED} JOIN "Account" a USING ("id") ORDER BY "openedSeq", "id"`,
    ids,
  );
  for (const { status, warned, waived, liquidations, levied, leverage, ...terms } of rows) {
    const account: Account = { ...terms, leverage: orNull(leverage, ratioOf) };
    state.book.open(account);
    state.book.setState(account.id, {
      status,
      warned,
      waived,
      liquidations: liquidations.map(instant),
      levied: cashOf(state, account.currency, levied),
    });
  }
  return rows.map(({ id }) => id);
}

export async function loadBalances(sql: Queries, state: State, ids: string): Promise<void> {
  const rows = await select<{ account: string; currency: string; amount: string }>(
    sql,
    `SELECT "accountId" AS account, "currency", "amount"::text FROM ${LISTED} JOIN "Balance" b ON b."accountId" = ` +
      `i."id"`,
    ids,
  );
  for (const { account, currency, amount } of rows)
    state.book.addBalance(account, currency, cashOf(state, currency, amount));
}

/** What accounts that are not in the state's book hold of currencies with a limit for the house.  RB-4 */
export async function heldElsewhere(sql: Queries, state: State): Promise<[CurrencyId, Cash][]> {
  const limited = [...state.collateral.values()].filter(({ houseLimit }) => houseLimit !== undefined);
  if (limited.length === 0) return [];
  const rows = await select<{ currency: string; held: string }>(
    sql,
    `SELECT b."currency", sum(b."amount")::text AS held FROM ${LISTED} JOIN "Balance" b ON b."currency" = i."id"
       JOIN "Account" a ON a."id" = b."accountId" WHERE a."currency" <> b."currency" GROUP BY b."currency"`,
    jsonText(limited.map(({ currency }) => currency)),
  );
  return rows.map(({ currency, held }) => [
    currency,
    minus(cashOf(state, currency, held), state.book.collateralHeld(currency)),
  ]);
}

export function onAccountOpened(
  { opened }: Batch,
  { opened: { id } }: EventOf<'AccountOpened'>,
  { seq, at }: Moment,
): void {
  opened.set(id, { seq, at });
}

export function onAccountStatusChanged(
  { rows, state }: Batch,
  event: EventOf<'AccountStatusChanged'>,
  { seq, at, place }: Moment,
): void {
  const currency = state.book.account(event.account)?.currency ?? '';
  rows.insert('AccountTransition', {
    accountId: event.account,
    seq,
    place,
    at: timeText(at),
    from: event.from,
    to: event.to,
    cause: event.cause,
    equity: cashText(state, currency, event.equity),
    initial: cashText(state, currency, event.initial),
    maintenance: cashText(state, currency, event.maintenance),
  });
}

export function writeAccounts(batch: Batch): void {
  const { state, rows, memory } = batch;
  for (const id of memory.touched) {
    const held = memory.accounts.get(id);
    const now = state.book.stateOf(id);
    if (!held) rows.insert('Account', accountRow(batch, id, now));
    else {
      if (held.state !== now) rows.update('Account', { id, ...standingOf(batch, id, now) });
      const member = state.book.account(id)?.member ?? held.member;
      if (held.member !== member) rows.update('Account', { id, memberId: member });
    }
    writeBalances(batch, id, held);
  }
}

function accountRow(batch: Batch, id: AccountId, standing: AccountState): Row<'Account'> {
  const account = batch.state.book.account(id) as Account;
  const { seq, at } = batch.opened.get(id) as Pick<Moment, 'seq' | 'at'>;
  return {
    id,
    memberId: account.member,
    owner: account.owner,
    kind: account.kind,
    currency: account.currency,
    policyId: account.policy,
    mode: account.mode,
    instrumentId: account.instrument,
    leverage: orNull(account.leverage, ratioText),
    ...standingOf(batch, id, standing),
    openedAt: timeText(at),
    openedSeq: seq,
  };
}

function standingOf({ state }: Batch, id: AccountId, { status, warned, waived, liquidations, levied }: AccountState) {
  const currency = state.book.account(id)?.currency ?? '';
  return { status, warned, waived, liquidations: [...liquidations], levied: cashText(state, currency, levied) };
}

/** Nothing held is no row, as it is no entry in the house's book. */
function writeBalances({ state, rows }: Batch, id: AccountId, held: HeldAccount | undefined): void {
  for (const [currency, amount] of state.book.balances(id)) {
    if (held?.balances.get(currency) === amount) continue;
    rows.upsert('Balance', { accountId: id, currency, amount: cashText(state, currency, amount) });
  }
  for (const currency of held?.balances.keys() ?? []) {
    if (state.book.balance(id, currency) === 0n) rows.remove('Balance', { accountId: id, currency });
  }
}
