/** Deleveraging policies: which one holds for an instrument, and from input to state.  Rules: SL-5, S07, X-6 */

import { known } from '../../units/failure';
import { RATE_ONE, rate } from '../../units/quantity';
import { compareRatios, parseRatio, type Ratio } from '../../units/ratio';
import type { CommandOf } from '../message/command';

import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, refused } from '../message/rejection';
import type { DeleveragingPolicy, InventoryCap } from '../model/deleveraging';
import type { Currency, CurrencyId, InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import { cappedCloseOutAccountOf, cappedCloseOutIdOf, closeOutIdOf } from './accounts';
import { readRate, readTerm } from './reading';

/** What holds where no officer has said otherwise. */
export const standardDeleveragingPolicy = (currency: CurrencyId): DeleveragingPolicy => ({
  currency,
  instrument: null,
  version: 0,
  method: 'PRO_RATA',
  score: 'PROFIT_LEVERAGE',
  bound: 'PROFIT',
  basis: 'PERIOD',
  inventoryCap: null,
});

export const deleveragingKey = (currency: CurrencyId, instrument: InstrumentId | null): string =>
  instrument === null ? currency : `${currency} ${instrument}`;

/** The instrument's own policy, or that of its currency, or the standard. */
export function deleveragingPolicyOf(view: View, id: InstrumentId): DeleveragingPolicy {
  const currency = known(view.listings.get(id), 'Instrument', id).instrument.settlement;
  const { deleveragingPolicies } = view;
  return (
    deleveragingPolicies.get(deleveragingKey(currency, id)) ??
    deleveragingPolicies.get(deleveragingKey(currency, null)) ??
    standardDeleveragingPolicy(currency)
  );
}

/**
 * Errors, in order: CURRENCY_NOT_FOUND, INSTRUMENT_NOT_FOUND, CURRENCY_MISMATCH, CAP_INVALID, TOO_MANY_DIGITS,
 * VALUE_OUT_OF_RANGE, INVENTORY_HELD.
 */
export function checkSetDeleveragingPolicy(
  view: View,
  command: CommandOf<'SetDeleveragingPolicy'>,
): Checked<DeleveragingPolicy> {
  const { method, score, bound, basis, instrument } = command;
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const listing = instrument === null ? undefined : view.listings.get(instrument);
  if (instrument !== null && !listing) return refused('INSTRUMENT_NOT_FOUND', { instrument });
  if (listing && listing.instrument.settlement !== currency.id)
    return refused('CURRENCY_MISMATCH', { instrument: listing.instrument.settlement, policy: currency.id });
  const cap = readCap(currency, command);
  if (cap.rejection) return cap;
  const before = view.deleveragingPolicies.get(deleveragingKey(currency.id, instrument));
  // Inventory stands on one account: whether it is one of its own changes only while there is none.
  if (
    instrument !== null &&
    (before?.inventoryCap == null) !== (cap.ok === null) &&
    holdsInventory(view, currency.id, instrument)
  )
    return refused('INVENTORY_HELD', { instrument });
  const version = (before?.version ?? 0) + 1;
  return ok({ currency: currency.id, instrument, version, method, score, bound, basis, inventoryCap: cap.ok });
}

const holdsInventory = (view: View, currency: CurrencyId, instrument: InstrumentId): boolean =>
  [closeOutIdOf(currency), cappedCloseOutIdOf(currency, instrument)].some(
    (id) => view.book.account(id) !== undefined && (view.book.position(id, instrument)?.size ?? 0n) !== 0n,
  );

/** A cap is of one instrument, in money, as a share of the fund, or both; it ends at a share of itself, from 0 to 1. */
function readCap(
  currency: Currency,
  { instrument, inventoryCap }: CommandOf<'SetDeleveragingPolicy'>,
): Checked<InventoryCap | null> {
  if (inventoryCap === null) return ok(null);
  if (instrument === null || (inventoryCap.amount === null && inventoryCap.fundShare === null))
    return refused('CAP_INVALID', { field: instrument === null ? 'instrument' : 'amount' });
  const amount = inventoryCap.amount === null ? ok(null) : readTerm(currency, 'amount', inventoryCap.amount);
  if (amount.rejection) return amount;
  const share = inventoryCap.fundShare === null ? ok(null) : readRate('fundShare', inventoryCap.fundShare, 1n);
  if (share.rejection) return share;
  const stop = parseRatio(inventoryCap.stop);
  if (stop.numerator < 0n || compareRatios(stop, WHOLE) > 0) return refused('VALUE_OUT_OF_RANGE', { field: 'stop' });
  return ok({ amount: amount.ok, fundShare: share.ok === null ? null : rate(share.ok), stop });
}

const WHOLE: Ratio = { numerator: 1n, denominator: 1n };

/** A cap gives the instrument's inventory an account of its own. */
export function setDeleveragingPolicy(desk: Desk, terms: DeleveragingPolicy): void {
  const { currency, instrument, inventoryCap } = terms;
  if (instrument !== null && inventoryCap !== null && !desk.view.book.account(cappedCloseOutIdOf(currency, instrument)))
    desk.emit({ type: 'AccountOpened', opened: cappedCloseOutAccountOf(currency, instrument) });
  desk.emit({ type: 'DeleveragingPolicySet', terms });
}

export function onDeleveragingPolicySet(state: State, { terms }: EventOf<'DeleveragingPolicySet'>): void {
  state.deleveragingPolicies.set(deleveragingKey(terms.currency, terms.instrument), terms);
}

/**
 * What inventory of an instrument may lose within a loss period; null: as the layers decide. `fund` with the draws of
 * the inventory added back.
 */
export function capOf(cap: InventoryCap, fund: bigint): bigint {
  const byShare = cap.fundShare === null ? null : (fund * cap.fundShare) / RATE_ONE;
  if (cap.amount === null) return byShare ?? 0n;
  return byShare === null || cap.amount < byShare ? cap.amount : byShare;
}
