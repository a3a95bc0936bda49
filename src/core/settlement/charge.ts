/** Charging a liquidation: fee and penalty as ledger lines of their own, the fee shared as the policy says.  Rules: LF-1 to LF-3, LP-1, LP-3 */

import { allocate } from '../../units/allocate';
import { abs, type Cash, cash, type Size } from '../../units/quantity';
import { accountName } from '../ledger/transfers';
import { affordableCharges, chargeRatesOf, chargesDue, repeatsOf } from '../margin/charges';
import type { Holding } from '../margin/picture';
import type { Standing } from '../margin/standing';
import type { LedgerName, Transfer } from '../message/ledger';
import type { Charges } from '../message/settlement';
import type { AccountId } from '../model/account';
import type { MarginPolicy } from '../model/policy';
import type { View } from '../model/state';
import { notionalOf } from '../position/value';

/** What closing `lots` of the holding is charged, given what the account can afford. */
export function chargesOf(view: View, standing: Standing, holding: Holding, lots: Size, policy: MarginPolicy, affordable: Cash): Charges {
  const notional = notionalOf(holding.instrument, abs(holding.position.size), holding.mark);
  const rates = chargeRatesOf(policy.liquidation, notional, repeatsOf(view, standing.picture, policy));
  const due = chargesDue(holding, lots, rates);
  return { ...due, ...affordableCharges(due, affordable), policyVersion: policy.version };
}

export const NO_CHARGES: Charges = {
  closed: cash(0n),
  fee: cash(0n),
  feeDue: cash(0n),
  penalty: cash(0n),
  penaltyDue: cash(0n),
  policyVersion: 0,
};

/**
 * The lines of a charge. The fee is split by the policy's shares, largest remainder, in the order fund, house, liquidator;
 * where no liquidator did the work its share goes to the fund. The penalty goes to the fund.  LF-2, LP-3
 */
export function chargeTransfers(
  account: AccountId,
  charges: Charges,
  policy: MarginPolicy,
  currency: string,
  liquidator: AccountId | null,
): Transfer[] {
  const { fund, house, liquidator: share } = policy.liquidation.feeShares;
  const claims = [
    { id: '1-fund', weight: fund as bigint },
    { id: '2-house', weight: house as bigint },
    { id: '3-liquidator', weight: share as bigint },
  ];
  const receivers: LedgerName[] = ['insurance-fund', 'house-fees', liquidator === null ? 'insurance-fund' : accountName(liquidator)];
  const parts = allocate(charges.fee, claims);
  const lines = receivers.map((to, i): Transfer => line(account, to, parts[i] ?? cash(0n), currency, 'LIQUIDATION_FEE'));
  lines.push(line(account, 'insurance-fund', charges.penalty, currency, 'LIQUIDATION_PENALTY'));
  return lines.filter(({ amount, from, to }) => amount > 0n && from !== to);
}

const line = (account: AccountId, to: LedgerName, amount: Cash, currency: string, reason: Transfer['reason']): Transfer => ({
  from: accountName(account),
  to,
  currency,
  amount,
  reason,
});
