/** Every movement of money, and what the house's own ledger accounts hold.  Rules: X-1, B3-3, DS-4 */

import { accountBehind, ledgerKey } from '../../core/ledger/transfers';
import { type Event, transfersOf } from '../../core/message/event';
import type { LedgerName } from '../../core/message/ledger';
import type { CurrencyId } from '../../core/model/reference';
import type { Queries } from '../../store/client';
import { NO_CASH } from '../../units/quantity';
import type { Batch, Moment } from '../rows/batch';
import { cashOf, cashText, timeText } from '../rows/decimals';
import type { Shared } from '../rows/memory';
import { select } from '../rows/rows';
import { moveFund } from './funds';

/** The house's ledger accounts that hold anything. */
export async function loadLedger(
  sql: Queries,
  shared: Pick<Shared, 'currencies' | 'listings' | 'ledger'>,
): Promise<void> {
  const rows = await select<{ name: LedgerName; currency: string; balance: string }>(
    sql,
    'SELECT "name", "currency", "balance"::text FROM "LedgerAccount" WHERE "balance" <> 0 ORDER BY "name", "currency"',
  );
  for (const { name, currency, balance } of rows)
    shared.ledger.set(ledgerKey(name, currency), cashOf(shared, currency, balance));
}

/** The movements of one event, each at its place among those of its entry. */
export function onMoved(batch: Batch, event: Event, moment: Moment): void {
  const reverses = reversedBy(event);
  for (const transfer of transfersOf(event)) {
    const { from, to, currency, amount, reason } = transfer;
    const place = moment.transfers++;
    batch.rows.insert('LedgerTransfer', {
      seq: moment.seq,
      place,
      at: timeText(moment.at),
      from,
      to,
      currency,
      amount: cashText(batch.state, currency, amount),
      reason,
      reverses,
    });
    for (const name of [from, to]) if (accountBehind(name) === undefined) batch.ledger.add(ledgerKey(name, currency));
    moveFund(batch, transfer, moment, place);
  }
}

/** What the movements of an event take back: one movement, or the charges of a liquidation. */
function reversedBy(event: Event): string | null {
  if (event.type === 'TransferReversed') return `${event.entry}/${event.place}`;
  return event.type === 'LiquidationDisputeRuled' ? `liquidation/${event.liquidation}` : null;
}

/** An account of the house that has come to zero keeps its row and shows it. */
export function writeLedger({ rows, state, ledger }: Batch): void {
  for (const key of ledger) {
    const [name, currency] = splitKey(key);
    rows.upsert('LedgerAccount', {
      name,
      currency,
      balance: cashText(state, currency, state.ledger.get(key) ?? NO_CASH),
    });
  }
}

const splitKey = (key: string): [name: string, currency: CurrencyId] => {
  const space = key.lastIndexOf(' ');
  return [key.slice(0, space), key.slice(space + 1)];
};
