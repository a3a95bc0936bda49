/**
 * The disposal ladder as it was set, and what went down it; backstop providers, and disputes over liquidations.  Rules:
 * LE-4, LI-4, LP-5
 */

import type { EventOf } from '../../../core/message/event';
import type { BackstopProvider } from '../../../core/model/ladder';
import type { InstrumentId } from '../../../core/model/reference';
import type { State } from '../../../core/model/state';
import { backstopKey } from '../../../core/settlement/ladder/backstop';
import type { Queries } from '../../../store/client';
import { known } from '../../../units/failure';
import { NO_CASH } from '../../../units/quantity';
import { type Batch, changed, type Moment } from '../../rows/batch';
import { cashOf, cashText, instrumentOf, rateOf, rateText, sizeText, timeText } from '../../rows/decimals';
import type { Shared } from '../../rows/memory';
import { jsonOf } from '../../rows/parts';
import { type Row, select } from '../../rows/rows';

export function onDisposalLadderSet({ rows }: Batch, event: EventOf<'DisposalLadderSet'>, { seq }: Moment): void {
  const { id, version, currency, instrument } = event.terms;
  rows.insert('DisposalLadder', {
    id,
    version,
    currency,
    instrumentId: instrument,
    terms: jsonOf(event.terms),
    setSeq: seq,
  });
}

export function onReductionMoved(
  { rows, state }: Batch,
  event: EventOf<'ReductionMoved'>,
  { seq, at, place }: Moment,
): void {
  const { liquidation, account, instrument, origin, ladder, version, fromRung, fromMethod, toRung, toMethod, cause } =
    event;
  rows.insert('ReductionMove', {
    seq,
    place,
    at: timeText(at),
    liquidationId: liquidation,
    accountId: account,
    instrumentId: instrument,
    origin,
    ladder,
    version,
    ...{ fromRung, fromMethod, toRung, toMethod, cause },
    size: sizeText(instrumentOf(state, instrument), event.size),
  });
}

const scopeOf = (instrument: InstrumentId | null): string => instrument ?? '*';

/** Providers that are bound now. */
export async function loadProviders(
  sql: Queries,
  shared: Pick<Shared, 'currencies' | 'listings' | 'providers'>,
): Promise<void> {
  const rows = await select<{
    accountId: string;
    scope: string;
    currency: string;
    capacity: string;
    left: string;
    discount: string;
  }>(
    sql,
    `SELECT "accountId", "scope", "currency", "capacity"::text, "left"::text, "discount"::text FROM "BackstopProvider"
     WHERE "active" ORDER BY "accountId", "scope"`,
  );
  for (const { accountId, scope, currency, capacity, left, discount } of rows) {
    const instrument = scope === '*' ? null : scope;
    const provider: BackstopProvider = {
      ...{ account: accountId, instrument, discount: rateOf(discount) },
      ...{ capacity: cashOf(shared, currency, capacity), left: cashOf(shared, currency, left) },
    };
    shared.providers.set(backstopKey(accountId, instrument), provider);
  }
}

/** A registration makes the row, even one that is withdrawn in the same commit. */
export function onBackstopProviderRegistered(
  { rows, state }: Batch,
  { provider }: EventOf<'BackstopProviderRegistered'>,
): void {
  rows.upsert('BackstopProvider', providerRow(state, provider));
  rows.update('BackstopProvider', { accountId: provider.account, scope: scopeOf(provider.instrument), active: true });
}

export function onBackstopProviderDeregistered({ rows }: Batch, event: EventOf<'BackstopProviderDeregistered'>): void {
  rows.update('BackstopProvider', { accountId: event.account, scope: scopeOf(event.instrument), active: false });
}

/** What is left of the capacity of those who are bound. */
export function writeProviders({ rows, state, before }: Batch): void {
  for (const [, provider] of changed(before.providers, state.providers))
    rows.upsert('BackstopProvider', providerRow(state, provider));
}

function providerRow(state: State, provider: BackstopProvider): Row<'BackstopProvider'> {
  const { account, instrument, capacity, left, discount } = provider;
  const { currency } = known(state.book.account(account), 'Account', account);
  return {
    ...{ accountId: account, scope: scopeOf(instrument), currency, active: true, discount: rateText(discount) },
    ...{ capacity: cashText(state, currency, capacity), left: cashText(state, currency, left) },
  };
}

export function onLiquidationDisputed({ rows, state }: Batch, { dispute }: EventOf<'LiquidationDisputed'>): void {
  const { id, liquidation, account, by, reason, at } = dispute;
  const { currency } = known(state.book.account(account), 'Account', account);
  rows.insert('LiquidationDispute', {
    ...{ id, liquidationId: liquidation, accountId: account, currency, by, reason, at: timeText(at), status: 'OPEN' },
    ...{ ruledBy: null, ruling: null, ruledAt: null, refunded: cashText(state, currency, NO_CASH) },
  });
}

export function onLiquidationDisputeRuled(
  { rows, state }: Batch,
  event: EventOf<'LiquidationDisputeRuled'>,
  { at }: Moment,
): void {
  rows.update('LiquidationDispute', {
    id: event.dispute,
    status: event.upheld ? 'UPHELD' : 'REJECTED',
    ruledBy: event.by,
    ruling: event.reason,
    ruledAt: timeText(at),
    refunded: cashText(state, event.currency, event.amount),
  });
}
