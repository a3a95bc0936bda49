/**
 * Everything that must be true of the house after every command, checked in full. For the auditor, tests and start-up.
 * Rules: X-1, B3-3, LCS-1
 */

import { assert } from '../../units/failure';
import { total } from '../../units/quantity';
import { balanceOf, ledgerSums } from '../ledger/transfers';
import type { View } from '../model/state';
import { auditInstrument } from '../position/settle';
import { auditDefaults } from '../settlement/default/ledger';

/** Throws InvariantViolation with the facts where something does not add up. */
export function audit(view: View): void {
  for (const [currency, sum] of ledgerSums(view))
    assert(sum === 0n, 'The ledger does not sum to zero', { currency, sum });
  for (const { instrument } of view.listings.values()) {
    const held = (['variation', 'rounding'] as const).map((name) =>
      balanceOf(view, `${name}/${instrument.id}`, instrument.settlement),
    );
    auditInstrument(view, instrument.id, total(held));
  }
  for (const id of view.book.accountIds()) {
    const { status } = view.book.stateOf(id);
    assert((status === 'CALL') === view.callOf.has(id), 'An account in CALL has an open call, and no other has', {
      account: id,
      status,
    });
    assert(
      (status === 'LIQUIDATING') === view.liquidationOf.has(id),
      'A liquidating account has a running liquidation',
      {
        account: id,
        status,
      },
    );
    assert(status !== 'BANKRUPT' && status !== 'RESTORED', 'Passing states do not outlive a command', {
      account: id,
      status,
    });
  }
  auditDefaults(view);
  assert(view.due.size === 0, 'Nothing is left to look at', { due: view.due.size });
  assert(view.auctionsMoved.size + view.capacityMoved.size === 0, 'No auction is left to tend', {
    auctions: view.auctionsMoved.size,
  });
  for (const [key, amount] of view.ledger) {
    if (key.startsWith('insurance-fund ') || key.startsWith('house-capital '))
      assert(amount >= 0n, 'A fund is below zero', { ledger: key, amount });
  }
}
