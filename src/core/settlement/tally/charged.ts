/**
 * What liquidations have charged, noted while it runs and for as long as it may be disputed after its end.  Rule: LP-5
 */

import { later, type Seq } from '../../../units/quantity';
import { accountBehind } from '../../ledger/transfers';
import type { Transfer } from '../../message/ledger';
import type { AccountId } from '../../model/account';
import type { ChargeLine } from '../../model/claim';
import type { LiquidationId } from '../../model/liquidation';
import { DISPUTE_WINDOW } from '../../model/policy';
import type { State } from '../../model/state';

/** Notes who got the fee and the penalty among these movements. */
export function noteCharges(state: State, liquidation: LiquidationId, transfers: readonly Transfer[]): void {
  const lines: ChargeLine[] = [];
  for (const { to, amount, reason } of transfers) {
    if (reason === 'LIQUIDATION_FEE' || reason === 'LIQUIDATION_PENALTY')
      lines.push({ entry: state.seq, to, reason, amount });
  }
  if (lines.length === 0) return;
  state.runningCharges.set(liquidation, [...(state.runningCharges.get(liquidation) ?? []), ...lines]);
}

/**
 * The liquidation has ended: from here on its time to be disputed runs. One that charged nothing has nothing to give
 * back.
 */
export function noteEnd(state: State, liquidation: LiquidationId, account: AccountId): void {
  const lines = state.runningCharges.get(liquidation) ?? [];
  state.runningCharges.delete(liquidation);
  const open = [...state.disputes.values()].find((one) => one.dispute.liquidation === liquidation);
  if (open) {
    state.disputes.set(open.dispute.id, { ...open, lines });
    return;
  }
  if (lines.length === 0) return;
  const policy = state.policies.get(state.book.account(account)?.policy ?? '');
  const until = later(state.now, policy?.liquidation.disputeWindow ?? DISPUTE_WINDOW);
  state.endedCharges.set(liquidation, { liquidation, account, lines, until });
}

/** A charge that was reversed by itself is not given back a second time: `reversal` is the way back of it. */
export function noteReversal(state: State, { from, to, amount }: Transfer, entry: Seq): void {
  const account = accountBehind(to);
  if (account === undefined) return;
  const lower = (lines: readonly ChargeLine[]): readonly ChargeLine[] => {
    const at = lines.findIndex((line) => line.entry === entry && line.to === from && line.amount === amount);
    return at < 0 ? lines : lines.filter((_, i) => i !== at);
  };
  const running = state.liquidationOf.get(account) ?? '';
  const lines = state.runningCharges.get(running);
  if (lines) state.runningCharges.set(running, lower(lines));
  for (const [id, record] of state.endedCharges) {
    if (record.account === account) state.endedCharges.set(id, { ...record, lines: lower(record.lines) });
  }
  for (const [id, one] of state.disputes) {
    if (one.dispute.account === account && one.lines) state.disputes.set(id, { ...one, lines: lower(one.lines) });
  }
}
