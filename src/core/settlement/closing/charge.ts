/**
 * Charging a liquidation: fee and penalty as ledger lines of their own, the fee shared as the policy says.  Rules: LF-1
 * to LF-3, LF-5, LP-1, LP-3
 */

import { allocate } from '../../../units/allocate';
import { type Cash, cash, RATE_ONE, type Size } from '../../../units/quantity';
import { divDown, divUp } from '../../../units/rounding';
import { insuranceNameOf } from '../../ledger/insurancePools';
import { accountName } from '../../ledger/transfers';
import { affordableCharges, chargeRatesOf, chargesDue } from '../../margin/charges';
import type { Holding } from '../../margin/model/holding';
import type { Standing } from '../../margin/standing';
import type { LedgerName, Transfer } from '../../message/ledger';
import type { Charges } from '../../message/settlement';
import type { AccountId } from '../../model/account';
import type { MarginPolicy } from '../../model/policy';
import type { CurrencyId, Instrument } from '../../model/reference';
import type { View } from '../../model/state';

/** What closing `lots` of the holding is charged, given what the account can afford. */
export function chargesOf(
  view: View,
  standing: Standing,
  holding: Holding,
  lots: Size,
  policy: MarginPolicy,
  affordable: Cash,
): Charges {
  const due = chargesDue(holding, lots, chargeRatesOf(view, standing, holding, policy));
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
 * The lines of a charge. The fee is split by the policy's shares, largest remainder, in the order fund, house,
 * liquidator; where no liquidator did the work its share goes to the fund. What is added for the fund is the fund's,
 * and so is the penalty.  LF-2, LF-5, LP-3
 */
export function chargeTransfers(
  view: View,
  account: AccountId,
  charges: Charges,
  policy: MarginPolicy,
  instrument: Instrument,
  liquidator: AccountId | null,
): Transfer[] {
  const currency = instrument.settlement;
  const insurance = insuranceNameOf(view, instrument.id);
  const { feeRate, feeShares } = policy.liquidation;
  const shared = divUp(charges.closed * feeRate, RATE_ONE);
  const added = (charges.feeDue - shared) * RATE_ONE; // for the fund alone  LF-5
  const claims = [
    { id: '1-fund', weight: shared * feeShares.fund + added },
    { id: '2-house', weight: shared * feeShares.house },
    { id: '3-liquidator', weight: shared * feeShares.liquidator },
  ];
  const receivers: LedgerName[] = [insurance, 'house-fees', liquidator === null ? insurance : accountName(liquidator)];
  const parts = allocate(charges.fee, claims);
  const lines = receivers.map(
    (to, i): Transfer => line(account, to, parts[i] ?? cash(0n), currency, 'LIQUIDATION_FEE'),
  );
  // While coverage is short a part of what is the house's raises the fund instead.  RB-2
  const raised = cash(divDown((parts[1] ?? 0n) * raisedShareOf(view, currency), RATE_ONE));
  if (raised > 0n) lines[1] = line(account, 'house-fees', cash((parts[1] ?? 0n) - raised), currency, 'LIQUIDATION_FEE');
  lines.push(line(account, insurance, raised, currency, 'LIQUIDATION_FEE'));
  const toPool = cash(divDown(charges.penalty * (view.lossPolicies.get(currency)?.backstopShare ?? 0n), RATE_ONE));
  lines.push(line(account, 'backstop-income', toPool, currency, 'LIQUIDATION_PENALTY'));
  lines.push(line(account, insurance, cash(charges.penalty - toPool), currency, 'LIQUIDATION_PENALTY'));
  return lines.filter(({ amount, from, to }) => amount > 0n && from !== to);
}

const raisedShareOf = (view: View, currency: CurrencyId): bigint =>
  view.coverages.get(currency)?.short ? (view.fundPolicies.get(currency)?.feeShare ?? 0n) : 0n;

const line = (
  account: AccountId,
  to: LedgerName,
  amount: Cash,
  currency: string,
  reason: Transfer['reason'],
): Transfer => ({
  from: accountName(account),
  to,
  currency,
  amount,
  reason,
});
